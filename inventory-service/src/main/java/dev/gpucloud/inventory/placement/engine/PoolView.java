package dev.gpucloud.inventory.placement.engine;

/**
 * One pool as fleet-wide decisions see it; {@code epoch} is that of its owner, 0 when it is a
 * picture read from the rows.
 */
public record PoolView(SiteFacts site, String model, PoolIndex index, long epoch) {
  /** A picture of a pool that another owns. */
  public PoolView(SiteFacts site, String model, PoolIndex index) {
    this(site, model, index, 0);
  }
}
