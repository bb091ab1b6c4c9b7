package dev.gpucloud.kit.clock;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The business clock. It follows the system clock unless a development stack moves it; it is never
 * set back, so its readings never go back either.
 */
@Singleton
@Business
public class BusinessClock implements InstantSource {
  private volatile ClockState state = ClockState.SYSTEM;

  @Override
  public Instant instant() {
    return state.at(Instant.now()).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  /** Follows a newer state; an older or equal version is ignored. */
  public synchronized void follow(ClockState newer) {
    if (newer.version() > state.version()) {
      state = newer;
    }
  }

  /** The state followed now. */
  public ClockState state() {
    return state;
  }

  @Produces
  @Singleton
  @SystemClock
  InstantSource systemClock() {
    return InstantSource.system();
  }
}
