package dev.gpucloud.inventory.volume;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How sites are told which volumes are to be gone. */
@ConfigMapping(prefix = "gpucloud.volumes")
public interface VolumeConfig {
  /** System time after which an order that a site did not answer is sent again. */
  @WithDefault("PT1M")
  Duration resendAfter();

  /** Most orders sent in one round; a round follows each second. */
  @WithDefault("2000")
  int orderBatch();
}
