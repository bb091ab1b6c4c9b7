package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Public id of an API key, written {@code key_<uuid>}. */
public record ApiKeyId(UUID value) implements TypedId {
  private static final String PREFIX = "key";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code key_<uuid>}
   */
  @JsonCreator
  public static ApiKeyId parse(String text) {
    return new ApiKeyId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
