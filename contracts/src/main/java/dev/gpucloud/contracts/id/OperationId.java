package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an operation, the handle of long work, written {@code op_<uuid>}. */
public record OperationId(UUID value) implements TypedId {
  private static final String PREFIX = "op";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code op_<uuid>}
   */
  @JsonCreator
  public static OperationId parse(String text) {
    return new OperationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
