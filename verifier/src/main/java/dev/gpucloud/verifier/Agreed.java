package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.YearMonth;
import java.time.ZoneId;

/** Something agreed from one millisecond to another, as it lies within a month in Seoul. */
record Agreed(JsonNode node, long monthStart, long monthEnd) {
  static final long HOUR = 3_600_000;
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

  static Agreed in(YearMonth month, JsonNode node) {
    return new Agreed(node, startOf(month), startOf(month.plusMonths(1)));
  }

  /** The first millisecond of a month. */
  static long startOf(YearMonth month) {
    return month.atDay(1).atStartOfDay(SEOUL).toInstant().toEpochMilli();
  }

  String id() {
    return node.required("id").asText();
  }

  Fraction number(String field) {
    return Fraction.parse(node.required(field).asText());
  }

  /** When it was agreed to begin, whatever the month. */
  long agreedFrom() {
    return node.hasNonNull("from") ? PriceList.millis(node, "from") : Long.MIN_VALUE;
  }

  private long agreedUntil() {
    return node.hasNonNull("until") ? PriceList.millis(node, "until") : Long.MAX_VALUE;
  }

  long from() {
    return Math.max(agreedFrom(), monthStart);
  }

  long until() {
    return Math.min(agreedUntil(), monthEnd);
  }

  boolean missesTheMonth() {
    return from() >= until();
  }

  boolean holdsAt(long millis) {
    return millis >= agreedFrom() && millis < agreedUntil();
  }

  /** The part of the month that it holds. */
  Fraction shareOfMonth() {
    return missesTheMonth() ? Fraction.ZERO : part(until() - from(), monthEnd - monthStart);
  }

  /** The hours of the month that it holds. */
  Fraction hoursOfMonth() {
    return missesTheMonth() ? Fraction.ZERO : part(until() - from(), HOUR);
  }

  /** The part of a clock hour that it holds. */
  Fraction shareOfHour(long hourStart) {
    long from = Math.max(from(), hourStart);
    long until = Math.min(until(), hourStart + HOUR);
    return from >= until ? Fraction.ZERO : part(until - from, HOUR);
  }

  static long hourOf(long millis) {
    return Math.floorDiv(millis, HOUR) * HOUR;
  }

  private static Fraction part(long of, long whole) {
    return new Fraction(BigInteger.valueOf(of), BigInteger.valueOf(whole));
  }
}
