package dev.gpucloud.inventory.discovery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How delivered hosts are looked for. */
@ConfigMapping(prefix = "gpucloud.discovery")
public interface DiscoveryConfig {
  /** Business time after a delivery in which each of its hosts must be found. */
  @WithDefault("P2D")
  Duration grace();

  /** System time after which an unanswered order to an agent is sent again. */
  @WithDefault("PT1M")
  Duration resendAfter();

  /** Most orders sent in one round; a round follows each second. */
  @WithDefault("2000")
  int orderBatch();

  /** Whether a host that is found as announced goes into its burn-in at once. */
  @WithDefault("true")
  boolean burnInAtOnce();
}
