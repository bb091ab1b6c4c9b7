package dev.gpucloud.inventory.placement.engine;

/** Whether a wish of a cluster can be left unmet. */
public enum Strength {
  /** Without it there is no cluster. */
  REQUIRED,
  /** Kept if it can be; else the cluster is placed without it and says so. */
  PREFERRED
}
