package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a cluster, written {@code clu_<uuid>}. */
public record ClusterId(UUID value) implements TypedId {
  private static final String PREFIX = "clu";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code clu_<uuid>}
   */
  @JsonCreator
  public static ClusterId parse(String text) {
    return new ClusterId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
