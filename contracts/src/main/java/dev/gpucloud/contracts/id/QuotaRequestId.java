package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a tenant's request for more quota, written {@code qrq_<uuid>}. */
public record QuotaRequestId(UUID value) implements TypedId {
  private static final String PREFIX = "qrq";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code qrq_<uuid>}
   */
  @JsonCreator
  public static QuotaRequestId parse(String text) {
    return new QuotaRequestId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
