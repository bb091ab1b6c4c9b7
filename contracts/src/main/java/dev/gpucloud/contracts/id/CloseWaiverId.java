package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a waiver of the close checklist, written {@code wvr_<uuid>}. */
public record CloseWaiverId(UUID value) implements TypedId {
  private static final String PREFIX = "wvr";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code wvr_<uuid>}
   */
  @JsonCreator
  public static CloseWaiverId parse(String text) {
    return new CloseWaiverId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
