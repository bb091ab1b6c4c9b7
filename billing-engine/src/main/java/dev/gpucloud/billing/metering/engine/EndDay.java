package dev.gpucloud.billing.metering.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/**
 * The Seoul day that holds a run's last instant: its first instant belongs to the day before. Its
 * month is the one that the run's padding is billed in.
 */
public record EndDay(LocalDate date) implements Comparable<EndDay> {
  /** The day of a run that ended then; stamps are kept to the microsecond. */
  public static EndDay of(Instant end) {
    Instant last = end.truncatedTo(ChronoUnit.MICROS).minus(1, ChronoUnit.MICROS);
    return new EndDay(last.atZone(BillingMonth.ZONE).toLocalDate());
  }

  /** The day in ISO 8601, as {@link #toString} says it. */
  public static EndDay parse(String day) {
    return new EndDay(LocalDate.parse(day));
  }

  /** Runs end after this instant. */
  public Instant after() {
    return date.atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  /** Runs end at this instant at the latest. */
  public Instant through() {
    return date.plusDays(1).atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  public BillingMonth month() {
    return new BillingMonth(YearMonth.from(date));
  }

  @Override
  public int compareTo(EndDay other) {
    return date.compareTo(other.date);
  }

  @Override
  public String toString() {
    return date.toString();
  }
}
