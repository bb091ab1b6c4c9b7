package dev.gpucloud.billing.sql;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of a native query. Ids come as {@code uuid} or as text, stamps as {@code timestamptz} or as
 * {@code millis(...)}, numbers with fractions as text; no driver type leaks out of the
 * repositories.
 */
public record Row(@Nullable Object[] columns) {
  public String text(int i) {
    return String.valueOf(columns[i]);
  }

  public @Nullable String textOrNull(int i) {
    Object value = columns[i];
    return value == null ? null : value.toString();
  }

  public long number(int i) {
    return ((Number) present(i)).longValue();
  }

  public UUID uuid(int i) {
    return columns[i] instanceof UUID id ? id : UUID.fromString(text(i));
  }

  /** Whole milliseconds. */
  public Instant instant(int i) {
    return columns[i] instanceof Instant at
        ? at.truncatedTo(ChronoUnit.MILLIS)
        : Instant.ofEpochMilli(number(i));
  }

  public @Nullable Instant instantOrNull(int i) {
    return columns[i] == null ? null : instant(i);
  }

  public Rational rational(int i) {
    return Rational.parse(text(i));
  }

  private Object present(int i) {
    Object value = columns[i];
    if (value == null) {
      throw new IllegalStateException("column " + i + " is null");
    }
    return value;
  }
}
