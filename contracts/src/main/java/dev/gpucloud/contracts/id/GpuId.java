package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a GPU, written {@code gpu_<uuid>}. */
public record GpuId(UUID value) implements TypedId {
  private static final String PREFIX = "gpu";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code gpu_<uuid>}
   */
  @JsonCreator
  public static GpuId parse(String text) {
    return new GpuId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
