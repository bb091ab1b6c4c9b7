package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Clock hours in Seoul: they begin where those of UTC do. */
final class ClockHours {
  private static final Duration HOUR = Duration.ofHours(1);

  private ClockHours() {}

  /** Where the hour of an instant begins. */
  static Instant of(Instant at) {
    return at.truncatedTo(ChronoUnit.HOURS);
  }

  /** The part of an hour that lies within a term: 0 to 1, exact. */
  static Rational within(Term term, Instant hour) {
    Instant next = hour.plus(HOUR);
    Instant from = term.from().isAfter(hour) ? term.from() : hour;
    Instant until = term.until() != null && term.until().isBefore(next) ? term.until() : next;
    long millis = Math.max(0, Duration.between(from, until).toMillis());
    return Rational.of(millis, HOUR.toMillis());
  }

  /** The bounds of a term within a month, and every full hour between them. */
  static NavigableSet<Instant> cuts(Term term, BillingMonth month) {
    NavigableSet<Instant> cuts = new TreeSet<>();
    Instant begin = term.startIn(month);
    Instant end = term.endIn(month);
    cuts.add(begin);
    cuts.add(end);
    for (Instant at = of(begin).plus(HOUR); at.isBefore(end); at = at.plus(HOUR)) {
      cuts.add(at);
    }
    return cuts;
  }
}
