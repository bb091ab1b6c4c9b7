package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a volume, written {@code vol_<uuid>}. */
public record VolumeId(UUID value) implements TypedId {
  private static final String PREFIX = "vol";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code vol_<uuid>}
   */
  @JsonCreator
  public static VolumeId parse(String text) {
    return new VolumeId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
