package dev.gpucloud.cli;

import java.time.Duration;

/**
 * How long a request is repeated while its service cannot be reached (no connection, 502, 503,
 * 504). Repeating is safe because a creating request carries the same Idempotency-Key every time.
 */
public record RetryPolicy(Duration budget, Duration firstPause, Duration longestPause) {

  /** Rides out a restart of a service: half a minute. */
  public static RetryPolicy interactive() {
    return new RetryPolicy(Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(2));
  }

  /** As {@link #interactive()}, but as long as said. */
  public static RetryPolicy lasting(Duration budget) {
    return new RetryPolicy(budget, Duration.ofMillis(200), Duration.ofSeconds(2));
  }

  Duration pause(int attempt) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(attempt, 10));
    return pause.compareTo(longestPause) > 0 ? longestPause : pause;
  }
}
