package dev.gpucloud.billing.reconciliation.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A half-open stretch of time that is looked at: a Seoul day, or a month. */
public record Window(Instant from, Instant to) {
  public Window {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("a window ends after it begins");
    }
  }

  /** Milliseconds of {@code [start, end)} that lie in the window; none without a start. */
  public long millis(@Nullable Instant start, Instant end) {
    if (start == null) {
      return 0;
    }
    Instant first = start.isAfter(from) ? start : from;
    Instant last = end.isBefore(to) ? end : to;
    return last.isAfter(first) ? Duration.between(first, last).toMillis() : 0;
  }

  /** True when what ends then has its last instant in the window. */
  public boolean holdsLastInstantOf(Instant end) {
    return end.isAfter(from) && !end.isAfter(to);
  }
}
