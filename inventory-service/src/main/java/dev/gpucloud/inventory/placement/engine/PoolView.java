package dev.gpucloud.inventory.placement.engine;

import java.util.List;

/**
 * One pool as fleet-wide decisions see it; {@code epoch} is that of its owner, 0 when it is a
 * picture read from the rows, {@code work} what is planned on its hosts.
 */
public record PoolView(
    SiteFacts site, String model, PoolIndex index, long epoch, List<PlannedWork> work) {
  public PoolView {
    work = List.copyOf(work);
  }

  /** A pool on which no work is planned. */
  public PoolView(SiteFacts site, String model, PoolIndex index, long epoch) {
    this(site, model, index, epoch, List.of());
  }

  /** A picture of a pool that another owns. */
  public PoolView(SiteFacts site, String model, PoolIndex index) {
    this(site, model, index, 0);
  }

  /** The same with work that is planned on its hosts. */
  public PoolView with(List<PlannedWork> planned) {
    return new PoolView(site, model, index, epoch, planned);
  }
}
