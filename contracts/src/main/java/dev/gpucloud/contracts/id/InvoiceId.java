package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of an invoice, written {@code inv_<uuid>}. */
public record InvoiceId(UUID value) implements TypedId {
  private static final String PREFIX = "inv";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code inv_<uuid>}
   */
  @JsonCreator
  public static InvoiceId parse(String text) {
    return new InvoiceId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
