package dev.gpucloud.kit.clock;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a movable business clock stands: {@code RUNNING} at an offset from the system clock, or
 * {@code FROZEN} at an instant.
 */
public record ClockState(long version, Mode mode, long offsetMillis, @Nullable Instant frozenAt) {
  /** Whether business time passes. */
  public enum Mode {
    RUNNING,
    FROZEN
  }

  /** A business clock that is the system clock. */
  public static final ClockState SYSTEM = new ClockState(0, Mode.RUNNING, 0, null);

  /** Business time at a moment of system time. */
  public Instant at(Instant system) {
    return mode == Mode.FROZEN && frozenAt != null ? frozenAt : system.plusMillis(offsetMillis);
  }
}
