package dev.gpucloud.billing.closerun;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The walk over the accounts of a month. */
@ConfigMapping(prefix = "gpucloud.close")
interface CloseConfig {
  /** How often it is looked for a close that waits or was interrupted. */
  @WithDefault("PT2S")
  Duration check();

  /** How long a replica that fell silent keeps others from going on with its close. */
  @WithDefault("PT30S")
  Duration lease();

  /** The most accounts that are read, rated and written together. */
  @WithDefault("100")
  int batch();

  /**
   * The most runs of which a batch is made, unless one account has more: what a batch uses is in
   * memory.
   */
  @WithDefault("10000")
  int batchRuns();

  /** How many batches are under way at once in a replica, a database connection each. */
  @WithDefault("3")
  int batchesAtOnce();
}
