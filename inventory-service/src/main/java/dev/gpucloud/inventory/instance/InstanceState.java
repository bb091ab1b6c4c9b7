package dev.gpucloud.inventory.instance;

import java.util.EnumSet;
import java.util.Set;

/** Where an instance is in its life. */
public enum InstanceState {
  /** Placed; its order is on the way to the agent. */
  PENDING,
  /** The agent boots it. */
  PROVISIONING,
  /** It runs, and is billed. */
  RUNNING,
  /** A stop was accepted; its GPUs are not released yet. */
  STOPPING,
  /** It holds no GPUs and costs nothing. */
  STOPPED,
  /** Placed anew after a stop. */
  STARTING,
  /** A delete was accepted; its GPUs are not released yet. */
  DELETING,
  /** Gone; kept as history. */
  DELETED,
  /** It did not come up, or its host failed. */
  FAILED;

  private static final Set<InstanceState> COMING_UP = EnumSet.of(PENDING, PROVISIONING, STARTING);

  /** The agent has been ordered to run it and has not said that it does. */
  public boolean isComingUp() {
    return COMING_UP.contains(this);
  }
}
