package dev.gpucloud.benchmarks.placement;

import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.placement.engine.Strength;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The workload: a pool is drawn by its size, an instance of the mix or a cluster is placed in it,
 * and when the pool is fuller than it should be, running ones drawn at random are released.
 */
final class Churn {
  private static final int[] MIX = {1, 1, 1, 1, 2, 2, 4, 4, 8, 8};

  private final Load[] loads;
  private final int[] draw;
  private final SplittableRandom random;
  private final double clusterShare;
  private long refused;

  Churn(SyntheticFleet fleet, double fill, double clusterShare, long seed) {
    this.loads =
        fleet.pools().stream().map(pool -> new Load(pool.index(), fill)).toArray(Load[]::new);
    this.draw = drawTable(loads);
    this.random = new SplittableRandom(seed);
    this.clusterShare = clusterShare;
  }

  /** 4,096 entries, so many for each pool as it has of all GPUs. */
  private static int[] drawTable(Load[] loads) {
    double all = Arrays.stream(loads).mapToDouble(load -> load.gpus).sum();
    int[] table = new int[4096];
    double until = 0;
    int next = 0;
    for (int pool = 0; pool < loads.length; pool++) {
      until += loads[pool].gpus / all * table.length;
      while (next < Math.min(table.length, Math.round(until))) {
        table[next++] = pool;
      }
    }
    return table;
  }

  /** Places until every pool is as full as it should be; answers the number of decisions. */
  long fill() {
    long decisions = 0;
    while (Arrays.stream(loads).anyMatch(load -> load.used < load.wanted - 64)) {
      for (int n = 0; n < 64; n++) {
        Load load = loads[draw[random.nextInt(draw.length)]];
        if (load.used < load.wanted) {
          decide(load);
          decisions++;
        }
      }
    }
    return decisions;
  }

  /** Makes so many decisions, with the releases that keep the fill. */
  void run(long decisions) {
    for (long n = 0; n < decisions; n++) {
      Load load = loads[draw[random.nextInt(draw.length)]];
      if (!decide(load)) {
        refused++;
      }
      while (load.used > load.wanted) {
        load.releaseOne(random.nextInt(load.running));
      }
    }
  }

  private boolean decide(Load load) {
    return random.nextDouble() < clusterShare
        ? load.placeCluster(2 + random.nextInt(31))
        : load.place(MIX[random.nextInt(MIX.length)]);
  }

  long refused() {
    return refused;
  }

  /** A pool and what runs on it. */
  private static final class Load {
    private final PoolIndex index;
    private final int gpusPerHost;
    private final long gpus;
    private final long wanted;
    private final Shape[] shapes = new Shape[9];
    private final ClusterShape[] clusters = new ClusterShape[33];
    private Object[] held = new Object[1024];
    private int running;
    private long used;

    Load(PoolIndex index, double fill) {
      this.index = index;
      this.gpus = index.room().totalSlices() / 8;
      this.gpusPerHost = (int) (gpus / index.hosts());
      this.wanted = Math.round(gpus * fill);
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

    boolean place(int wantedGpus) {
      Optional<Slot> slot = index.place(shapes[wantedGpus]);
      if (slot.isPresent()) {
        hold(slot.get());
        used += shapes[wantedGpus].gpus();
      }
      return slot.isPresent();
    }

    boolean placeCluster(int instances) {
      Optional<ClusterPlacement> placed = index.place(clusters[instances], Set.of());
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

    void releaseOne(int which) {
      Object placed = held[which];
      held[which] = held[--running];
      if (placed instanceof Slot slot) {
        index.release(slot);
        used -= Long.bitCount(slot.mask()) / 8;
      } else {
        List<Slot> slots = ((ClusterPlacement) placed).slots();
        index.release((ClusterPlacement) placed);
        used -= (long) slots.size() * gpusPerHost;
      }
    }
  }
}
