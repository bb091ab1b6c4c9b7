package dev.gpucloud.billing.review;

import dev.gpucloud.billing.review.engine.AnomalyThresholds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** From when on a draft is unlike last month. */
@ConfigMapping(prefix = "gpucloud.anomalies")
interface ReviewConfig {
  /** Difference to last month, in per cent of it, from which a draft is looked at. */
  @WithDefault("50")
  int percent();

  /** Smallest difference in won that is looked at. */
  @WithDefault("1000000")
  long leastKrw();

  default AnomalyThresholds thresholds() {
    return new AnomalyThresholds(percent(), leastKrw());
  }
}
