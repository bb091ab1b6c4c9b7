package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a webhook, written {@code whk_<uuid>}. */
public record WebhookId(UUID value) implements TypedId {
  private static final String PREFIX = "whk";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code whk_<uuid>}
   */
  @JsonCreator
  public static WebhookId parse(String text) {
    return new WebhookId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
