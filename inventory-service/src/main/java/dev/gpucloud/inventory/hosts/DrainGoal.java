package dev.gpucloud.inventory.hosts;

import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.instance.MaintenanceNotice;

/** What a host becomes once it is empty. */
public enum DrainGoal {
  MAINTENANCE(HostAction.BEGIN_MAINTENANCE, MaintenanceNotice.HOST_MAINTENANCE),
  RETIREMENT(HostAction.RETIRE, MaintenanceNotice.HOST_RETIREMENT);

  private final HostAction whenEmpty;
  private final String told;

  DrainGoal(HostAction whenEmpty, String told) {
    this.whenEmpty = whenEmpty;
    this.told = told;
  }

  HostAction whenEmpty() {
    return whenEmpty;
  }

  /** What its tenants are told. */
  String told() {
    return told;
  }
}
