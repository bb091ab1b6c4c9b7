package dev.gpucloud.benchmarks.placement;

import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolPositions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Holds hosts as numbers: no object per decision. */
final class LoadByPosition extends Load {
  /** In {@code masks}: what runs here is a cluster, and {@code places} says which. */
  private static final long CLUSTER = 0;

  private final PoolPositions index;
  private final Deque<Integer> freeRows = new ArrayDeque<>();
  private int[] places = new int[1024];
  private long[] masks = new long[1024];
  private int[][] clusterHosts = new int[0][];
  private int running;

  LoadByPosition(PoolIndex index, double fill) {
    super(index, fill);
    this.index = index.positions();
  }

  @Override
  boolean place(int wantedGpus) {
    int at = index.place(shapes[wantedGpus]);
    if (at >= 0) {
      hold(at, index.mask());
      used += shapes[wantedGpus].gpus();
    }
    return at >= 0;
  }

  @Override
  boolean placeCluster(int instances) {
    int members = index.place(clusters[instances]);
    if (members == 0) {
      return false;
    }
    int row = freeRow();
    int[] hosts = clusterHosts[row];
    hosts[0] = members;
    for (int n = 0; n < members; n++) {
      hosts[n + 1] = index.clusterHost(n);
    }
    hold(row, CLUSTER);
    used += (long) members * gpusPerHost;
    return true;
  }

  private int freeRow() {
    if (freeRows.isEmpty()) {
      int before = clusterHosts.length;
      clusterHosts = Arrays.copyOf(clusterHosts, 2 * before + 64);
      for (int row = before; row < clusterHosts.length; row++) {
        clusterHosts[row] = new int[33];
        freeRows.add(row);
      }
    }
    return freeRows.pop();
  }

  private void hold(int place, long mask) {
    if (running == places.length) {
      places = Arrays.copyOf(places, 2 * running);
      masks = Arrays.copyOf(masks, 2 * running);
    }
    places[running] = place;
    masks[running++] = mask;
  }

  @Override
  int running() {
    return running;
  }

  @Override
  void releaseOne(int which) {
    int place = places[which];
    long mask = masks[which];
    places[which] = places[--running];
    masks[which] = masks[running];
    if (mask == CLUSTER) {
      releaseCluster(place);
    } else {
      int instanceGpus = Long.bitCount(mask) / 8;
      index.release(place, mask, shapes[instanceGpus]);
      used -= instanceGpus;
    }
  }

  private void releaseCluster(int row) {
    int[] hosts = clusterHosts[row];
    long wholeHost = gpusPerHost == 8 ? -1L : (1L << 8 * gpusPerHost) - 1;
    for (int n = 1; n <= hosts[0]; n++) {
      index.release(hosts[n], wholeHost, shapes[gpusPerHost]);
    }
    used -= (long) hosts[0] * gpusPerHost;
    freeRows.push(row);
  }
}
