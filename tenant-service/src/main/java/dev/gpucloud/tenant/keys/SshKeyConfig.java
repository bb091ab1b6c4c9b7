package dev.gpucloud.tenant.keys;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of registered SSH keys. */
@ConfigMapping(prefix = "gpucloud.ssh-keys")
interface SshKeyConfig {
  /** Most keys of one person, and of one project. */
  @WithDefault("50")
  int mostPerOwner();
}
