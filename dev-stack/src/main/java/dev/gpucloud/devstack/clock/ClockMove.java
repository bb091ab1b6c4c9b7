package dev.gpucloud.devstack.clock;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wanted change of the business clock: another mode, a jump to a time or by a length, or both;
 * null leaves it.
 */
public record ClockMove(
    ClockReading.@Nullable Mode mode, @Nullable Instant advanceTo, @Nullable Duration advanceBy) {

  Instant target(Instant now) {
    if (advanceTo != null) {
      return advanceTo;
    }
    return advanceBy == null ? now : now.plus(advanceBy);
  }
}
