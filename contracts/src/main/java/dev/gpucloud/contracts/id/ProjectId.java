package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a project, written {@code prj_<uuid>}. */
public record ProjectId(UUID value) implements TypedId {
  private static final String PREFIX = "prj";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code prj_<uuid>}
   */
  @JsonCreator
  public static ProjectId parse(String text) {
    return new ProjectId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
