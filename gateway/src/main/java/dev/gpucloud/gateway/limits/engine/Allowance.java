package dev.gpucloud.gateway.limits.engine;

import java.time.Duration;

/** So many requests within a window, and as many at once after a window of rest. */
public record Allowance(long requests, Duration window) {
  public Allowance {
    if (requests < 1 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException(
          "an allowance is of at least one request in a positive window");
    }
    Math.multiplyExact(requests, window.toNanos());
  }

  /** What one of several replicas gives: together they never give less than the whole. */
  public Allowance shareOf(int replicas) {
    return new Allowance(Math.ceilDiv(requests, replicas), window);
  }

  long windowNanos() {
    return window.toNanos();
  }

  /** The window in whole seconds, at least one: the unit of header fields. */
  public long windowSeconds() {
    return seconds(windowNanos());
  }

  /** Nanoseconds as the whole seconds after which they are surely over, at least one. */
  public static long seconds(long nanos) {
    return Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L));
  }
}
