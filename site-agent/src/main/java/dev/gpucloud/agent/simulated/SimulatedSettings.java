package dev.gpucloud.agent.simulated;

import java.time.Duration;

/**
 * How simulated hosts behave; times are system time, rates are between 0 and 1. {@code badHostRate}
 * of the hosts boot nothing at all; {@code faultRate} of the runs see one of their GPUs log an XID
 * error.
 */
public record SimulatedSettings(
    long seed,
    Duration bootMedian,
    Duration scrubTime,
    double failureRate,
    double badHostRate,
    double faultRate) {

  /** Rejects values that no host can have. */
  public SimulatedSettings {
    if (bootMedian.isNegative() || scrubTime.isNegative()) {
      throw new IllegalArgumentException("times of the simulated driver must not be negative");
    }
    if (!(failureRate >= 0 && failureRate <= 1 && badHostRate >= 0 && badHostRate <= 1)
        || !(faultRate >= 0 && faultRate <= 1)) {
      throw new IllegalArgumentException("simulated rates must be between 0 and 1");
    }
  }
}
