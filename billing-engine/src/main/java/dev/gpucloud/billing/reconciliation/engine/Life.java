package dev.gpucloud.billing.reconciliation.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run's life by inventory's events alone: from the order to make it, over RUNNING, to the proof
 * that its GPUs are free. What has not happened yet is null.
 */
public record Life(
    @Nullable Instant orderedAt,
    @Nullable Instant startedAt,
    @Nullable Instant stoppedAt,
    @Nullable Instant releasedAt) {
  /** Nothing is known yet. */
  public static final Life UNKNOWN = new Life(null, null, null, null);

  /** The life with one more event; an end before its start counts as that. */
  public Life with(Step step, Instant at) {
    return switch (step) {
      case ORDERED -> orderedAt == null ? new Life(at, startedAt, stoppedAt, releasedAt) : this;
      case STARTED -> startedAt == null ? started(at) : this;
      case STOPPED -> new Life(orderedAt, startedAt, notBefore(at, startedAt), releasedAt);
      case RELEASED ->
          new Life(orderedAt, startedAt, stoppedAt, notBefore(notBefore(at, startedAt), stoppedAt));
    };
  }

  /** The start is billed as the agent stamped it, so an order with a later stamp gives way. */
  private Life started(Instant at) {
    Instant ordered = orderedAt != null && at.isBefore(orderedAt) ? at : orderedAt;
    return new Life(ordered, at, stoppedAt, releasedAt);
  }

  private static Instant notBefore(Instant at, @Nullable Instant earlier) {
    return earlier != null && at.isBefore(earlier) ? earlier : at;
  }

  /** What an event means for a run's life. */
  public enum Step {
    ORDERED,
    STARTED,
    STOPPED,
    RELEASED
  }
}
