package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a host, written {@code hst_<uuid>}. */
public record HostId(UUID value) implements TypedId {
  private static final String PREFIX = "hst";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code hst_<uuid>}
   */
  @JsonCreator
  public static HostId parse(String text) {
    return new HostId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
