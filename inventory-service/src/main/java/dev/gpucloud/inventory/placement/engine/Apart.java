package dev.gpucloud.inventory.placement.engine;

/**
 * Anti-affinity: instances of one group stand apart, no two on one host or in one rack. {@code
 * group} is unique to its project. Groups do not reach over pools: other pools are other hosts.
 */
public record Apart(String group, Over over, Strength strength) {
  /** What no two instances of a group share. */
  public enum Over {
    HOST,
    RACK
  }
}
