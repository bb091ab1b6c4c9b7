package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a maintenance window, written {@code mwin_<uuid>}. */
public record MaintenanceWindowId(UUID value) implements TypedId {
  private static final String PREFIX = "mwin";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code mwin_<uuid>}
   */
  @JsonCreator
  public static MaintenanceWindowId parse(String text) {
    return new MaintenanceWindowId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
