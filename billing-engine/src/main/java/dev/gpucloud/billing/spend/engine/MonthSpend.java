package dev.gpucloud.billing.spend.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;

/**
 * What a month came to until an instant within it, and what it will have come to at its end.
 *
 * @param spent exact won of the usage before {@code at}
 * @param ifGoingOn exact won of the month when all that runs at {@code at} runs unchanged to its
 *     end
 * @param running whether anything runs at {@code at}
 */
public record MonthSpend(
    BillingMonth month, Instant at, Rational spent, Rational ifGoingOn, boolean running) {
  /** Before so much of a month has passed, what was spent in it says nothing about the rest. */
  static final Duration TELLING = Duration.ofDays(1);

  /** A month of which nothing is known. */
  public static MonthSpend none(BillingMonth month, Instant at) {
    return new MonthSpend(month, at, Rational.ZERO, Rational.ZERO, false);
  }

  /**
   * The month's end by one of two formulas.
   *
   * <p>While something runs: {@code spent + (what runs x its price, for the rest of the month)},
   * with the prices and terms that are known for the rest. So a bigger or smaller fleet shows at
   * once, and what ran before and runs no more is not expected again.
   *
   * <p>While nothing runs: {@code spent x length of the month / time passed}, the run rate, for
   * work that comes and goes; within the first 24 hours {@code spent} alone.
   */
  public Rational forecast() {
    if (running) {
      return ifGoingOn;
    }
    long passed = Duration.between(month.start(), at).toMillis();
    if (passed < TELLING.toMillis()) {
      return spent;
    }
    long length = Duration.between(month.start(), month.end()).toMillis();
    return spent.multiply(Rational.of(length, Math.min(passed, length)));
  }

  /** Exact won for each millisecond of the rest of the month, on average. */
  Rational perMilli() {
    long left = Duration.between(at, month.end()).toMillis();
    return left <= 0 ? Rational.ZERO : ifGoingOn.subtract(spent).divide(Rational.of(left));
  }
}
