package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.SiteFacts;

/** A pool that this replica owns under an epoch, with its index. */
record OwnedPool(
    String id, String model, SiteFacts site, String holder, long epoch, PoolIndex index) {

  static String leaseName(String pool) {
    return "pool:" + pool;
  }

  String leaseName() {
    return leaseName(id);
  }

  PoolView view() {
    return new PoolView(site, model, index, epoch);
  }
}
