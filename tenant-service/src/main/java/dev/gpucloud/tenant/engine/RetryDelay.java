package dev.gpucloud.tenant.engine;

import java.time.Duration;

/** How long to wait before the next try: twice as long each time, up to a limit. */
public record RetryDelay(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 30;

  /** The wait after this many failures in a row, from 1. */
  public Duration after(int failures) {
    Duration delay = first.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, MOST_DOUBLINGS));
    return delay.compareTo(longest) > 0 ? longest : delay;
  }
}
