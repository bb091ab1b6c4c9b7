package dev.gpucloud.billing.metering.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One metered thing that happened to a run, in the order of its instance's sequence. Stamps keep
 * milliseconds; finer parts are cut off, so that every reader sees the same instant.
 */
public record RunFact(long sequence, Kind kind, Instant at, Scope scope, Shape shape) {
  /** What happened; scope and shape hold from then on. */
  public enum Kind {
    STARTED,
    MOVED,
    RESIZED,
    STOPPED
  }

  public RunFact {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }
}
