package dev.gpucloud.tenant.grants;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Grant programmes. */
@ConfigMapping(prefix = "gpucloud.grants")
public interface GrantConfig {
  /** How often deadlines and use of awards are looked at. */
  @WithDefault("PT1M")
  Duration check();

  /** Awards that one round carries on, each in a transaction of its own. */
  @WithDefault("200")
  int batchSize();

  /** Most applications of one call. */
  @WithDefault("10000")
  int maxApplications();
}
