package dev.gpucloud.billing.reconciliation.engine;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;

/**
 * Two parties that do not agree about a run.
 *
 * @param millis by how much; positive when the second one says more
 */
public record Difference(Kind kind, RunId run, InstanceId instance, long millis) {
  /** Clients switch on these. */
  public enum Kind {
    /** The usage intervals are not what inventory's events say. */
    METERED_UNLIKE_INVENTORY,
    /** The invoice's rows are not what is metered. */
    BILLED_UNLIKE_METERED,
    /** The agent's last word lies before the stop. */
    AGENT_ENDS_EARLIER,
    /** The agent reported the run alive after its stop. */
    AGENT_ENDS_LATER
  }
}
