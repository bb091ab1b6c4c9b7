package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an award of a grant call, written {@code gaw_<uuid>}. */
public record GrantAwardId(UUID value) implements TypedId {
  private static final String PREFIX = "gaw";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code gaw_<uuid>}
   */
  @JsonCreator
  public static GrantAwardId parse(String text) {
    return new GrantAwardId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
