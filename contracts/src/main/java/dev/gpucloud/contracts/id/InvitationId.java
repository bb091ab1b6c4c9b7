package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an invitation, written {@code ivt_<uuid>}. */
public record InvitationId(UUID value) implements TypedId {
  private static final String PREFIX = "ivt";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code ivt_<uuid>}
   */
  @JsonCreator
  public static InvitationId parse(String text) {
    return new InvitationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
