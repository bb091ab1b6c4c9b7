package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of what a payment pays of an invoice, written {@code pal_<uuid>}. */
public record PaymentAllocationId(UUID value) implements TypedId {
  private static final String PREFIX = "pal";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code pal_<uuid>}
   */
  @JsonCreator
  public static PaymentAllocationId parse(String text) {
    return new PaymentAllocationId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
