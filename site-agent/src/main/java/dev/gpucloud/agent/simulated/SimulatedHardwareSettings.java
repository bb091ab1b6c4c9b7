package dev.gpucloud.agent.simulated;

import java.time.Duration;

/**
 * How hosts behave on their way into service; times are system time, rates between 0 and 1. The
 * seed says which hosts are missing, have a GPU too few, or have a weak GPU.
 */
public record SimulatedHardwareSettings(
    long seed,
    Duration lookTime,
    Duration burnInTime,
    double missingRate,
    double wrongRate,
    double weakRate) {

  /** Rejects values that no site can have. */
  public SimulatedHardwareSettings {
    if (lookTime.isNegative() || burnInTime.isNegative()) {
      throw new IllegalArgumentException("times of the simulated hardware must not be negative");
    }
    if (!isRate(missingRate) || !isRate(wrongRate) || !isRate(weakRate)) {
      throw new IllegalArgumentException("simulated rates must be between 0 and 1");
    }
  }

  private static boolean isRate(double value) {
    return value >= 0 && value <= 1;
  }
}
