package dev.gpucloud.agent.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The business clock: the system clock, unless a development clock is followed. Whole milliseconds.
 */
public final class BusinessClock implements InstantSource {
  private final InstantSource system;
  private volatile ClockSetting setting = ClockSetting.system();

  /** Starts as the system clock. */
  public BusinessClock(InstantSource system) {
    this.system = system;
  }

  @Override
  public Instant instant() {
    return setting.at(system.instant()).truncatedTo(ChronoUnit.MILLIS);
  }

  /** Follows another setting from now on. */
  public void follow(ClockSetting next) {
    setting = next;
  }
}
