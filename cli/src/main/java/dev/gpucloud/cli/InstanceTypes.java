package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** The catalogue with its prices, as calls and as words. */
public final class InstanceTypes {
  private InstanceTypes() {}

  /** The instance types, each with its on-demand list price where the type does not carry one. */
  public static JsonNode catalogue(ApiClient api) {
    JsonNode types = api.list("/instance-types");
    Map<String, JsonNode> prices = onDemandPrices(api);
    for (JsonNode type : types.path("items")) {
      JsonNode price = prices.get(type.path("id").asText());
      if (price == null) {
        price = prices.get(Fields.first(type, "model", "gpuModel"));
      }
      if (price != null && type instanceof ObjectNode object && !object.has("price")) {
        object.set("price", price);
      }
    }
    return types;
  }

  private static Map<String, JsonNode> onDemandPrices(ApiClient api) {
    Map<String, JsonNode> prices = new HashMap<>();
    for (JsonNode price : api.list("/prices").path("items")) {
      if (price.path("purchaseClass").asText("ON_DEMAND").equals("ON_DEMAND")) {
        String key = Fields.first(price, "instanceType", "model");
        prices.put(key, price);
      }
    }
    return prices;
  }

  /** One type in a sentence: its price and how many fit. */
  public static String sentence(JsonNode type) {
    return "%s at %s won per hour, %s fit now"
        .formatted(Fields.text(type, "id"), hourly(type), fitNow(type));
  }

  static String fitNow(JsonNode type) {
    return Fields.first(type, "available", "availability.instances", "fits");
  }

  /** Won per hour of the whole instance: a price per GPU-hour counts once per GPU. */
  static String hourly(JsonNode type) {
    JsonNode price = type.path("price");
    String krw = Fields.first(price, "priceKrw.amount", "priceKrw", "amount");
    if (krw.equals(Fields.NONE)) {
      return Fields.NONE;
    }
    boolean perGpu = price.path("unit").asText("GPU_HOUR").equals("GPU_HOUR");
    int gpus = perGpu ? Math.max(1, type.path("gpus").asInt(1)) : 1;
    return Fields.grouped(new BigDecimal(krw).multiply(BigDecimal.valueOf(gpus)).toPlainString());
  }
}
