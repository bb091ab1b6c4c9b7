package dev.gpucloud.contracts.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** A calendar month in Asia/Seoul, half-open: {@code 2026-09} is 08-31T15:00Z to 09-30T15:00Z. */
public record BillingMonth(YearMonth month) implements Comparable<BillingMonth> {
  public static final ZoneId ZONE = ZoneId.of("Asia/Seoul");

  /** The month in which the instant lies. */
  public static BillingMonth of(Instant instant) {
    return new BillingMonth(YearMonth.from(instant.atZone(ZONE)));
  }

  /**
   * Reads {@code yyyy-MM}.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  @JsonCreator
  public static BillingMonth parse(String text) {
    try {
      return new BillingMonth(YearMonth.parse(text));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("expected a month of the form 2026-09", e);
    }
  }

  /** First instant of the month. */
  public Instant start() {
    return month.atDay(1).atStartOfDay(ZONE).toInstant();
  }

  /** First instant after the month. */
  public Instant end() {
    return next().start();
  }

  public BillingMonth next() {
    return new BillingMonth(month.plusMonths(1));
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(start()) && instant.isBefore(end());
  }

  @Override
  public int compareTo(BillingMonth o) {
    return month.compareTo(o.month);
  }

  @JsonValue
  @Override
  public String toString() {
    return month.toString();
  }
}
