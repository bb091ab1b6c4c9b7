package dev.gpucloud.tenant.notifications;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times as native queries answer them. */
final class Times {
  private Times() {}

  static @Nullable Instant instant(@Nullable Object column) {
    return switch (column) {
      case null -> null;
      case Instant at -> at;
      case OffsetDateTime at -> at.toInstant();
      default -> throw new IllegalStateException("no time: " + column.getClass());
    };
  }

  static Instant required(@Nullable Object column) {
    return Objects.requireNonNull(instant(column));
  }
}
