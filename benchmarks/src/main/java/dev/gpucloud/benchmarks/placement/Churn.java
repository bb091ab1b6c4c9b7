package dev.gpucloud.benchmarks.placement;

import java.util.Arrays;
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

  /** {@code byId}: with a slot object for each decision, as the service has them. */
  Churn(SyntheticFleet fleet, boolean byId, double fill, double clusterShare, long seed) {
    this.loads =
        fleet.pools().stream()
            .map(
                pool ->
                    byId
                        ? new LoadById(pool.index(), fill)
                        : new LoadByPosition(pool.index(), fill))
            .toArray(Load[]::new);
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
        load.releaseOne(random.nextInt(load.running()));
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
}
