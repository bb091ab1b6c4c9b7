package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The contract behind a fee or a true-up; a usage commitment has a price per unit and hour.
 *
 * @param from when its term begins; null where that is not known
 * @param until when its term ends; null when it goes on
 */
public record Commitment(
    String id,
    String name,
    Kind kind,
    @Nullable Rational priceKrwPerHour,
    @Nullable Instant from,
    @Nullable Instant until) {
  /** What is promised. */
  public enum Kind {
    /** A quantity of a SKU. */
    USAGE,
    /** An amount of won. */
    SPEND,
    /** Nothing but the fee itself. */
    FEE
  }

  /** Where its part of a month begins. */
  public Instant startIn(BillingMonth month) {
    return isIn(month, from) ? from : month.start();
  }

  /** Where its part of a month ends. */
  public Instant endIn(BillingMonth month) {
    return isIn(month, until) ? until : month.end();
  }

  private static boolean isIn(BillingMonth month, @Nullable Instant at) {
    return at != null && at.isAfter(month.start()) && at.isBefore(month.end());
  }
}
