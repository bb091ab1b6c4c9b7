package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a payment that came in, written {@code pay_<uuid>}. */
public record PaymentId(UUID value) implements TypedId {
  private static final String PREFIX = "pay";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code pay_<uuid>}
   */
  @JsonCreator
  public static PaymentId parse(String text) {
    return new PaymentId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
