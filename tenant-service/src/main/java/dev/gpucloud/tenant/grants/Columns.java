package dev.gpucloud.tenant.grants;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Columns of a native query's row. */
final class Columns {
  private final @Nullable Object[] row;
  private int next;

  Columns(@Nullable Object[] row) {
    this.row = row;
  }

  private Object value() {
    Object value = row[next++];
    if (value == null) {
      throw new IllegalStateException("column " + next + " is null");
    }
    return value;
  }

  UUID uuid() {
    return (UUID) value();
  }

  @Nullable UUID uuidOrNull() {
    return (UUID) row[next++];
  }

  String text() {
    return (String) value();
  }

  @Nullable String textOrNull() {
    return (String) row[next++];
  }

  int integer() {
    return ((Number) value()).intValue();
  }

  @Nullable Integer integerOrNull() {
    Object value = row[next++];
    return value == null ? null : Integer.valueOf(((Number) value).intValue());
  }

  long number() {
    return ((Number) value()).longValue();
  }

  LocalDate day() {
    return (LocalDate) value();
  }

  boolean flag() {
    return (Boolean) value();
  }

  Instant instant() {
    Instant at = instantOrNull();
    if (at == null) {
      throw new IllegalStateException("column " + next + " is null");
    }
    return at;
  }

  @Nullable Instant instantOrNull() {
    Object value = row[next++];
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
