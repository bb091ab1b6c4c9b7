package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a notification's way to one recipient, written {@code dsp_<uuid>}. */
public record DispatchId(UUID value) implements TypedId {
  private static final String PREFIX = "dsp";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code dsp_<uuid>}
   */
  @JsonCreator
  public static DispatchId parse(String text) {
    return new DispatchId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
