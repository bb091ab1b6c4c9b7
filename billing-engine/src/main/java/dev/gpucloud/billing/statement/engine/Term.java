package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stretch {@code [from, until)} for which something is agreed, from day to day in Seoul. */
public record Term(Instant from, @Nullable Instant until) {
  public Term {
    if (until != null && !from.isBefore(until)) {
      throw new IllegalArgumentException("a term ends after it begins");
    }
  }

  /** Where it begins within a month; not before {@link #endIn} when it misses the month. */
  Instant startIn(BillingMonth month) {
    return from.isAfter(month.start()) ? from : month.start();
  }

  Instant endIn(BillingMonth month) {
    return until == null || until.isAfter(month.end()) ? month.end() : until;
  }

  /** The part of a month, by days, that it covers: 0 to 1, exact. */
  public Rational shareOf(BillingMonth month) {
    long covered = Duration.between(startIn(month), endIn(month)).toMillis();
    long whole = Duration.between(month.start(), month.end()).toMillis();
    return covered <= 0 ? Rational.ZERO : Rational.of(covered, whole);
  }

  /** Whether there is an instant at which both hold. */
  public boolean meets(Term other) {
    return (until == null || other.from.isBefore(until))
        && (other.until == null || from.isBefore(other.until));
  }

  boolean holdsAt(Instant at) {
    return !at.isBefore(from) && (until == null || at.isBefore(until));
  }
}
