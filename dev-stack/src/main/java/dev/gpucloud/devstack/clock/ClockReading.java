package dev.gpucloud.devstack.clock;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The business clock at one version. RUNNING: the system clock plus the offset; FROZEN: always
 * {@code frozenAt}.
 */
public record ClockReading(long version, Mode mode, long offsetMillis, @Nullable Instant frozenAt) {

  /** Whether business time passes. */
  public enum Mode {
    RUNNING,
    FROZEN
  }

  /** Business time at this system time. */
  public Instant at(Instant system) {
    return frozenAt != null ? frozenAt : system.plusMillis(offsetMillis);
  }
}
