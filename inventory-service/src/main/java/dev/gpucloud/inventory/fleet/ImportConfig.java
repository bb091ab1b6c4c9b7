package dev.gpucloud.inventory.fleet;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of what an administrator sends about the fleet. */
@ConfigMapping(prefix = "gpucloud.import")
public interface ImportConfig {
  /** Largest body of an import. */
  @WithDefault("8M")
  MemorySize limit();
}
