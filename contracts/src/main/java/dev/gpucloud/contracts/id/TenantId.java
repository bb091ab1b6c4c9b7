package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a tenant, written {@code ten_<uuid>}. */
public record TenantId(UUID value) implements TypedId {
  private static final String PREFIX = "ten";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code ten_<uuid>}
   */
  @JsonCreator
  public static TenantId parse(String text) {
    return new TenantId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
