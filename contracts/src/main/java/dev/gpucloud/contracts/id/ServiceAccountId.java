package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a service account, written {@code sac_<uuid>}. */
public record ServiceAccountId(UUID value) implements TypedId {
  private static final String PREFIX = "sac";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code sac_<uuid>}
   */
  @JsonCreator
  public static ServiceAccountId parse(String text) {
    return new ServiceAccountId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
