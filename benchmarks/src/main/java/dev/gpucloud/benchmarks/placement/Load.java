package dev.gpucloud.benchmarks.placement;

import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Strength;

/** A pool and what runs on it; counts in GPUs. */
abstract sealed class Load permits LoadById, LoadByPosition {
  final int gpusPerHost;
  final long gpus;
  final long wanted;
  final Shape[] shapes = new Shape[9];
  final ClusterShape[] clusters = new ClusterShape[33];
  long used;

  Load(PoolIndex index, double fill) {
    gpus = index.room().totalSlices() / 8;
    gpusPerHost = (int) (gpus / index.hosts());
    wanted = Math.round(gpus * fill);
    for (int n = 1; n <= 8; n++) {
      int most = Math.min(n, gpusPerHost);
      shapes[n] = Shape.wholeGpus(most, 28 * most, 224 * most);
    }
    for (int n = 1; n <= 32; n++) {
      clusters[n] = cluster(n);
    }
  }

  private ClusterShape cluster(int instances) {
    ClusterShape whole =
        ClusterShape.of(shapes[8], instances).within(Level.FABRIC, Strength.REQUIRED);
    return gpusPerHost == 4 ? whole.within(Level.NVLINK_DOMAIN, Strength.PREFERRED) : whole;
  }

  /** Places an instance of so many GPUs, or of a whole host where hosts are smaller. */
  abstract boolean place(int wantedGpus);

  /** Places so many instances of whole hosts in one fabric. */
  abstract boolean placeCluster(int instances);

  abstract int running();

  /** Releases the instance or cluster that is the n-th of those that run. */
  abstract void releaseOne(int which);
}
