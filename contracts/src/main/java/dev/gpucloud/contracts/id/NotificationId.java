package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a notification, written {@code ntf_<uuid>}. */
public record NotificationId(UUID value) implements TypedId {
  private static final String PREFIX = "ntf";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code ntf_<uuid>}
   */
  @JsonCreator
  public static NotificationId parse(String text) {
    return new NotificationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
