package dev.gpucloud.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Id of a budget of won, written {@code sbg_<uuid>}. */
public record SpendBudgetId(UUID value) implements TypedId {
  private static final String PREFIX = "sbg";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is not {@code sbg_<uuid>}
   */
  @JsonCreator
  public static SpendBudgetId parse(String text) {
    return new SpendBudgetId(TypedId.parse(PREFIX, text));
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + "_" + value;
  }
}
