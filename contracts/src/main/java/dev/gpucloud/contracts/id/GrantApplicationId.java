package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an application to a grant call, written {@code gap_<uuid>}. */
public record GrantApplicationId(UUID value) implements TypedId {
  private static final String PREFIX = "gap";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code gap_<uuid>}
   */
  @JsonCreator
  public static GrantApplicationId parse(String text) {
    return new GrantApplicationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
