package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of one run of an instance, from RUNNING to stop, written {@code run_<uuid>}. */
public record RunId(UUID value) implements TypedId {
  private static final String PREFIX = "run";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code run_<uuid>}
   */
  @JsonCreator
  public static RunId parse(String text) {
    return new RunId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
