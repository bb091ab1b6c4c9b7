package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;

/**
 * The month a run of the demo bills and the instant at which it begins: now if the current month is
 * untouched and long enough, else the first instant of the next one.
 */
record BillableMonth(BillingMonth month, Instant from) {
  /** Kept free at the end of the month, so that the last event lies within it. */
  private static final Duration MARGIN = Duration.ofHours(1);

  static BillableMonth choose(Instant now, Duration length, boolean currentIsTouched) {
    BillingMonth current = BillingMonth.of(now);
    if (!currentIsTouched && fits(now, current, length)) {
      return new BillableMonth(current, now);
    }
    BillingMonth next = current.next();
    if (!fits(next.start(), next, length)) {
      long most = Duration.between(next.start(), next.end()).minus(MARGIN).toHours();
      throw new CliException(
          ExitCode.USAGE,
          "--hours %d does not fit into the month to bill, %s: at most %d."
              .formatted(length.toHours(), next, most));
    }
    return new BillableMonth(next, next.start());
  }

  private static boolean fits(Instant from, BillingMonth month, Duration length) {
    return !from.plus(length).plus(MARGIN).isAfter(month.end());
  }
}
