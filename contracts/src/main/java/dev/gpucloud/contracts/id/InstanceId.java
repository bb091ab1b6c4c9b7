package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an instance, written {@code ins_<uuid>}. */
public record InstanceId(UUID value) implements TypedId {
  private static final String PREFIX = "ins";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code ins_<uuid>}
   */
  @JsonCreator
  public static InstanceId parse(String text) {
    return new InstanceId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
