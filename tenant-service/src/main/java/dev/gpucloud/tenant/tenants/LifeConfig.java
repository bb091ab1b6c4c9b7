package dev.gpucloud.tenant.tenants;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tenants come to their end. */
@ConfigMapping(prefix = "gpucloud.tenant-life")
interface LifeConfig {
  /** How often closing tenants are looked at. */
  @WithDefault("PT5S")
  Duration check();

  /**
   * How long a tenant is CLOSING at least, by the business clock: longer than a request that began
   * before takes, and longer than other services need to hear of it.
   */
  @WithDefault("PT1M")
  Duration leastClosing();

  /** Most tenants closed in one round. */
  @WithDefault("100")
  int batch();

  /** How long one replica does this alone. */
  @WithDefault("PT30S")
  Duration lease();
}
