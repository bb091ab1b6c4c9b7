package dev.gpucloud.inventory.faults.engine;

/** What a fault asks for. */
public enum FaultAction {
  /** The tenant's own program; nothing is wrong with the hardware. */
  IGNORE,
  /** Kept for people to look at. */
  WATCH,
  /** The GPU takes nothing new once it is free; its tenant is told. */
  DRAIN_GPU,
  /** The whole host takes nothing new; its tenants are told. */
  QUARANTINE_HOST
}
