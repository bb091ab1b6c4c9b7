package dev.gpucloud.benchmarks.placement;

import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.placement.engine.Terms;
import java.util.Arrays;
import java.util.Optional;

/** Holds slots and cluster placements as the service gets them. */
final class LoadById extends Load {
  private final PoolIndex index;
  private Object[] held = new Object[1024];
  private int running;

  LoadById(PoolIndex index, double fill) {
    super(index, fill);
    this.index = index;
  }

  @Override
  boolean place(int wantedGpus) {
    Optional<Slot> slot = index.place(shapes[wantedGpus]);
    if (slot.isPresent()) {
      hold(slot.get());
      used += shapes[wantedGpus].gpus();
    }
    return slot.isPresent();
  }

  @Override
  boolean placeCluster(int instances) {
    Optional<ClusterPlacement> placed = index.place(clusters[instances], Terms.NONE);
    if (placed.isPresent()) {
      hold(placed.get());
      used += (long) instances * gpusPerHost;
    }
    return placed.isPresent();
  }

  private void hold(Object placed) {
    if (running == held.length) {
      held = Arrays.copyOf(held, 2 * running);
    }
    held[running++] = placed;
  }

  @Override
  int running() {
    return running;
  }

  @Override
  void releaseOne(int which) {
    Object placed = held[which];
    held[which] = held[--running];
    if (placed instanceof Slot slot) {
      index.release(slot);
      used -= Long.bitCount(slot.mask()) / 8;
    } else {
      ClusterPlacement cluster = (ClusterPlacement) placed;
      index.release(cluster);
      used -= (long) cluster.instances().size() * gpusPerHost;
    }
  }
}
