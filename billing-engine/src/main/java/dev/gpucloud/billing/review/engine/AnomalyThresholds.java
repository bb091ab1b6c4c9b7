package dev.gpucloud.billing.review.engine;

/**
 * From when on a difference is worth a look: both must be reached.
 *
 * @param percent of last month's value
 * @param leastKrw smallest amount in won that matters
 */
public record AnomalyThresholds(int percent, long leastKrw) {
  public AnomalyThresholds {
    if (percent < 1 || leastKrw < 0) {
      throw new IllegalArgumentException("thresholds are at least 1 % and 0 won");
    }
  }
}
