package dev.gpucloud.agent.simulated;

import java.time.Duration;

/** How simulated hosts behave; times are system time, the failure rate is between 0 and 1. */
public record SimulatedSettings(
    long seed, Duration bootMedian, Duration scrubTime, double failureRate) {

  /** Rejects values that no host can have. */
  public SimulatedSettings {
    if (bootMedian.isNegative() || scrubTime.isNegative()) {
      throw new IllegalArgumentException("times of the simulated driver must not be negative");
    }
    if (!(failureRate >= 0 && failureRate <= 1)) {
      throw new IllegalArgumentException("the simulated failure rate must be between 0 and 1");
    }
  }
}
