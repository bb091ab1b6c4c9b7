package dev.gpucloud.inventory.offers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the offer is shown. */
@ConfigMapping(prefix = "gpucloud.offers")
public interface OffersConfig {
  /**
   * How old the room of the pools may be that capacity and instance types show; the answer says of
   * when it is. The placement of an instance always looks at the room as it is.
   */
  @WithDefault("PT1S")
  Duration roomAge();
}
