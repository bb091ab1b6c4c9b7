package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a credit that a tenant was given, written {@code crd_<uuid>}. */
public record CreditId(UUID value) implements TypedId {
  private static final String PREFIX = "crd";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code crd_<uuid>}
   */
  @JsonCreator
  public static CreditId parse(String text) {
    return new CreditId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
