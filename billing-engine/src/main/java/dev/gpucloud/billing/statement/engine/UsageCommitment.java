package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
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

  /** Hours that are paid in a month. */
  Rational committedHours(BillingMonth month) {
    if (kind == Kind.POOLED) {
      return quantity.multiply(term.shareOf(month));
    }
    long millis = Duration.between(term.startIn(month), term.endIn(month)).toMillis();
    return millis <= 0 ? Rational.ZERO : quantity.multiply(Rational.of(millis, HOUR_MILLIS));
  }
}
