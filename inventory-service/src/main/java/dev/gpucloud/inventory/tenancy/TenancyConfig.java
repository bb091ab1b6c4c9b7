package dev.gpucloud.inventory.tenancy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the state of tenants is acted on. */
@ConfigMapping(prefix = "gpucloud.tenancy")
interface TenancyConfig {
  /** How often suspended tenants are looked at whose notice may be over. */
  @WithDefault("PT5S")
  Duration check();

  /** Most instances stopped in one round. */
  @WithDefault("200")
  int batch();

  /** How long one replica does this alone. */
  @WithDefault("PT30S")
  Duration lease();
}
