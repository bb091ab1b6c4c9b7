package dev.gpucloud.tenant.grants.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether awarded GPUs are used. They are measured over windows of the programme's length from when
 * they were given; one below the limit brings notice; who is still below it from the notice to its
 * end loses them.
 *
 * @param minPct least share of the awarded GPU time that must have run, in per cent
 */
public record UseItOrLoseIt(int minPct, Duration window, Duration notice) {
  private static final long WHOLE = 100;

  /** What is to be done now. */
  public enum Action {
    NONE,
    NOTICE,
    LIFT_NOTICE,
    CLAW_BACK
  }

  /** Which time decides next; null while it has not passed. */
  public record Span(Instant from, Instant to) {}

  /** The span to be measured at an instant. */
  public @Nullable Span due(Instant measuredFrom, @Nullable Instant noticedAt, Instant now) {
    Instant from = noticedAt == null ? measuredFrom : noticedAt;
    Instant to = from.plus(noticedAt == null ? window : notice);
    return now.isBefore(to) ? null : new Span(from, to);
  }

  /** What follows from the GPU-seconds used in the span. */
  public Action act(boolean noticed, Span span, int gpus, long usedSeconds) {
    boolean enough = usedPct(span, gpus, usedSeconds) >= minPct;
    if (noticed) {
      return enough ? Action.LIFT_NOTICE : Action.CLAW_BACK;
    }
    return enough ? Action.NONE : Action.NOTICE;
  }

  /** The share of the awarded GPU time that ran, in whole per cent, cut off; at most 100. */
  public static int usedPct(Span span, int gpus, long usedSeconds) {
    long awarded = Duration.between(span.from(), span.to()).toSeconds() * gpus;
    return awarded == 0 ? 0 : (int) Math.min(WHOLE, usedSeconds * WHOLE / awarded);
  }
}
