package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a call of a grant programme, written {@code gcl_<uuid>}. */
public record GrantCallId(UUID value) implements TypedId {
  private static final String PREFIX = "gcl";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code gcl_<uuid>}
   */
  @JsonCreator
  public static GrantCallId parse(String text) {
    return new GrantCallId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
