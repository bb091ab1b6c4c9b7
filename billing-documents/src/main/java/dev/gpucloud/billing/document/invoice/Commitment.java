package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Rational;
import org.jspecify.annotations.Nullable;

/** The contract behind a fee or a true-up; a usage commitment has a price per unit and hour. */
public record Commitment(String id, String name, Kind kind, @Nullable Rational priceKrwPerHour) {
  /** What is promised. */
  public enum Kind {
    /** A quantity of a SKU. */
    USAGE,
    /** An amount of won. */
    SPEND,
    /** Nothing but the fee itself. */
    FEE
  }
}
