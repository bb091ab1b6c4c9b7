package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A quantity of a SKU that the customer pays whether it runs or not, and what runs beyond it costs:
 * the usual price, or a price of its own. HOURLY commits {@code quantity} units in every clock hour
 * in Seoul, POOLED {@code quantity} hours in a month, in proportion to the days of the term.
 */
public record UsageCommitment(
    String id,
    String sku,
    Kind kind,
    Rational quantity,
    Rational priceKrwPerHour,
    @Nullable Rational overagePriceKrwPerHour,
    Term term) {

  /** Over what unused quantity is lost. */
  public enum Kind {
    HOURLY,
    POOLED
  }

  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** Where a month's rows are cut, so that each lies within what is covered together. */
  NavigableSet<Instant> cuts(BillingMonth month) {
    return kind == Kind.HOURLY
        ? ClockHours.cuts(term, month)
        : new TreeSet<>(List.of(term.startIn(month), term.endIn(month)));
  }

  /** What is covered together: a clock hour, or all of the month. */
  Instant bucket(Instant at, BillingMonth month) {
    return kind == Kind.HOURLY ? ClockHours.of(at) : month.start();
  }

  /** Hours that can be covered of what {@link #bucket} puts together. */
  Rational capacity(Instant bucket, BillingMonth month) {
    return kind == Kind.HOURLY
        ? quantity.multiply(ClockHours.within(term, bucket))
        : committedHours(month);
  }

  /** Hours that are paid in a month. */
  Rational committedHours(BillingMonth month) {
    if (kind == Kind.POOLED) {
      return quantity.multiply(term.shareOf(month));
    }
    long millis = Duration.between(term.startIn(month), term.endIn(month)).toMillis();
    return millis <= 0 ? Rational.ZERO : quantity.multiply(Rational.of(millis, HOUR_MILLIS));
  }
}
