package dev.gpucloud.billing.reconciliation.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import org.jspecify.annotations.Nullable;

/**
 * A run's milliseconds in a window, by who counts them: {@code inventory = running + provisioning +
 * releasing}, and what is billed is running and padding.
 *
 * @param billedMillis without padding; null while the month has no invoice
 * @param agentMillis by the agent's last word; null when it never said one
 */
public record RunAccount(
    RunId run,
    InstanceId instance,
    String instanceName,
    long inventoryMillis,
    long provisioningMillis,
    long runningMillis,
    long releasingMillis,
    long meteredMillis,
    @Nullable Long billedMillis,
    long paddingMillis,
    @Nullable Long agentMillis) {

  /** True when nobody was there in the window. */
  public boolean isEmpty() {
    return inventoryMillis == 0
        && meteredMillis == 0
        && (billedMillis == null || billedMillis == 0);
  }
}
