package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a note against an issued invoice, written {@code nte_<uuid>}. */
public record NoteId(UUID value) implements TypedId {
  private static final String PREFIX = "nte";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code nte_<uuid>}
   */
  @JsonCreator
  public static NoteId parse(String text) {
    return new NoteId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
