package dev.gpucloud.tenant.onboarding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of onboarding. */
@ConfigMapping(prefix = "gpucloud.onboarding")
interface OnboardingConfig {
  /** Most tenants in one imported document. */
  @WithDefault("1000")
  int maxTenants();

  /** Largest imported document in bytes. */
  @WithDefault("4194304")
  int maxBytes();
}
