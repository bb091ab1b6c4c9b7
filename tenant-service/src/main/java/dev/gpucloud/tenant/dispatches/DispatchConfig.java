package dev.gpucloud.tenant.dispatches;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How notifications are brought to their recipients. */
@ConfigMapping(prefix = "gpucloud.dispatches")
interface DispatchConfig {
  /** How often what is due is looked for. */
  @ConfigDocSection
  @WithDefault("PT1S")
  Duration check();

  /** Most dispatches of a channel taken at a time. */
  @WithDefault("50")
  int batchSize();

  /** Most dispatches of a channel under way at the same time. */
  @WithDefault("8")
  int concurrency();

  /**
   * How long a replica may work on what it took before another takes it again; above the time that
   * a whole batch of timeouts takes.
   */
  @WithDefault("PT5M")
  Duration lease();

  /** Wait after the first failure; doubled with each further one. */
  @WithDefault("PT30S")
  Duration firstDelay();

  /** Longest wait between two tries. */
  @WithDefault("PT6H")
  Duration longestDelay();

  /** Tries after which a dispatch is given up; with the default waits that is about two days. */
  @WithDefault("17")
  int mostTries();
}
