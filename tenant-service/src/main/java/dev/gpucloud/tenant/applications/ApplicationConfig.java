package dev.gpucloud.tenant.applications;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What anybody with a login may ask for. */
@ConfigMapping(prefix = "gpucloud.applications")
interface ApplicationConfig {
  /** Most applications of one login within 24 hours, with those withdrawn and rejected. */
  @ConfigDocSection
  @WithDefault("5")
  int mostPerDay();
}
