package dev.gpucloud.billing.reconciliation.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import org.jspecify.annotations.Nullable;

/**
 * A run's milliseconds in a window, by who counts them: {@code inventory = running + provisioning +
 * releasing}, {@code metered = running}, and {@code metered = billed + writtenOff + takenBack} once
 * there is an invoice, with padding apart.
 *
 * @param billedMillis without padding; null while the month has no invoice
 * @param writtenOffMillis of late usage that is not charged; negative for what stays charged
 * @param takenBackMillis of an invoice that a note took back as a whole
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
    long writtenOffMillis,
    long takenBackMillis,
    long paddingMillis,
    @Nullable Long agentMillis) {

  /** True when nobody was there in the window. */
  public boolean isEmpty() {
    return inventoryMillis == 0
        && meteredMillis == 0
        && (billedMillis == null || billedMillis == 0);
  }
}
