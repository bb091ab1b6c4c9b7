package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.OffersApi;
import java.math.BigDecimal;

/** The catalogue with its prices, as a call and as words. */
public final class InstanceTypes {
  private InstanceTypes() {}

  /** All instance types. */
  public static JsonNode list(ApiClient api) {
    return api.list(OffersApi.offerResourceTypes());
  }

  /** One type in a sentence: its price and how many fit. */
  public static String sentence(JsonNode type) {
    return "%s at %s won per hour, %s fit now"
        .formatted(Fields.text(type, "id"), hourly(type), fitNow(type));
  }

  static String fitNow(JsonNode type) {
    return Fields.text(type, "available");
  }

  /** Won per hour of the whole instance: a price per GPU-hour counts once per GPU. */
  static String hourly(JsonNode type) {
    String amount = Fields.text(type, "price.amount");
    if (amount.equals(Fields.NONE)) {
      return Fields.NONE;
    }
    boolean perGpu = type.path("price").path("unit").asText().equals("GPU_HOUR");
    int units = perGpu ? type.path("gpus").asInt(1) : 1;
    return Fields.grouped(
        new BigDecimal(amount).multiply(BigDecimal.valueOf(units)).toPlainString());
  }
}
