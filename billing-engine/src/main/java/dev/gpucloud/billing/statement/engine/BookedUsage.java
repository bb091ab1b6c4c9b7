package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;

/**
 * What rows that were rated before come to: those of one project and SKU at one price. Amounts are
 * linear in time, so that sums of them give the same line as the rows.
 *
 * @param version the price version of its line
 * @param unitPriceKrwPerHour after all factors
 * @param unitMillis units times milliseconds, padding included
 */
public record BookedUsage(
    ProjectId project,
    String sku,
    String version,
    Rational unitPriceKrwPerHour,
    long unitMillis,
    LastUse last) {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** Units times hours. */
  public Rational quantityHours() {
    return Rational.of(unitMillis, HOUR_MILLIS);
  }
}
