package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a tenant application, written {@code tap_<uuid>}. */
public record TenantApplicationId(UUID value) implements TypedId {
  private static final String PREFIX = "tap";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code tap_<uuid>}
   */
  @JsonCreator
  public static TenantApplicationId parse(String text) {
    return new TenantApplicationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
