package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a registered SSH key, written {@code ssh_<uuid>}. */
public record SshKeyId(UUID value) implements TypedId {
  private static final String PREFIX = "ssh";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code ssh_<uuid>}
   */
  @JsonCreator
  public static SshKeyId parse(String text) {
    return new SshKeyId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
