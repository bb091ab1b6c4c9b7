package dev.gpucloud.agent.clock;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One setting of the development clock: running with an offset, or frozen at an instant. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClockSetting(long version, Mode mode, long offsetMillis, @Nullable Instant frozenAt) {

  /** Business time follows the system clock, or stands still. */
  public enum Mode {
    RUNNING,
    FROZEN
  }

  /** Business time is system time. */
  public static ClockSetting system() {
    return new ClockSetting(0, Mode.RUNNING, 0, null);
  }

  Instant at(Instant systemNow) {
    return mode == Mode.FROZEN && frozenAt != null ? frozenAt : systemNow.plusMillis(offsetMillis);
  }
}
