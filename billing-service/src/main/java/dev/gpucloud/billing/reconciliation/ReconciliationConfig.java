package dev.gpucloud.billing.reconciliation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How exactly the parties have to agree. */
@ConfigMapping(prefix = "gpucloud.reconciliation")
interface ReconciliationConfig {
  /** How far an agent's last word on a run may lie from its stop. */
  @WithDefault("PT2M")
  Duration agentTolerance();
}
