package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a reported fault of a GPU or host, written {@code flt_<uuid>}. */
public record FaultId(UUID value) implements TypedId {
  private static final String PREFIX = "flt";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code flt_<uuid>}
   */
  @JsonCreator
  public static FaultId parse(String text) {
    return new FaultId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
