package dev.gpucloud.benchmarks.placement;

import com.sun.management.OperatingSystemMXBean;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.OfferedType;
import dev.gpucloud.inventory.placement.engine.PlacementEngine;
import dev.gpucloud.inventory.placement.engine.PlannedWork;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Strength;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Decisions per second of the placement engine on one thread, as CSV: the median, least and most of
 * five runs after a warm-up, and the CPU time of the whole process per decision. Only placements
 * count as decisions, a cluster as one; the releases of the same time come free, as it were.
 */
public final class EngineBenchmark {
  private static final int RUNS = 5;
  private static final long DECISIONS = 2_000_000;
  private static final int REFUSALS = 2_000;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final PrintWriter out;
  private final String commit;

  private final String only;

  private EngineBenchmark(PrintWriter out, String commit, String only) {
    this.out = out;
    this.commit = commit;
    this.only = only;
  }

  /** Runs the cases whose "name-gpus-fill-cluster" begins with the second argument, or all. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    String commit = args.length > 0 ? args[0] : "unknown";
    new EngineBenchmark(out, commit, args.length > 1 ? args[1] : "").all();
  }

  private void all() {
    out.println(
        "case,gpus,fill_pct,cluster_pct,decisions_per_s,decisions_per_s_min,decisions_per_s_max,"
            + "cpu_ns_per_decision,refused_pct,load_1m,commit");
    for (int gpus : new int[] {52_128, 300_000}) {
      fill(gpus);
      for (int fill : new int[] {2, 90, 98}) {
        churn("churn", gpus, fill, 0);
        churn("churn", gpus, fill, 5);
      }
      churn("by-id-churn", gpus, 90, 5);
      churn("nvl72-churn", gpus, 90, 5);
      refusal("refuse-512-hosts-in-one-fabric", gpus, false);
      refusal("refuse-512-hosts-in-one-fabric-amid-planned-work", gpus, true);
    }
  }

  private boolean isWanted(String name, int gpus, int fill, int clusterPct) {
    return "%s-%d-%d-%d".formatted(name, gpus, fill, clusterPct).startsWith(only);
  }

  private void fill(int gpus) {
    if (!isWanted("fill", gpus, 90, 0)) {
      return;
    }
    Runs runs = new Runs();
    for (int n = 0; n < 2 * RUNS; n++) {
      Churn[] churns = new Churn[52_128 * 12 / gpus + 1];
      for (int c = 0; c < churns.length; c++) {
        churns[c] = new Churn(SyntheticFleet.ofEightGpuHosts(gpus), false, 0.9, 0, c);
      }
      runs.measure(() -> Arrays.stream(churns).mapToLong(Churn::fill).sum());
    }
    print("fill", gpus, 90, 0, runs, 0);
  }

  private void churn(String name, int gpus, int fill, int clusterPct) {
    if (!isWanted(name, gpus, fill, clusterPct)) {
      return;
    }
    SyntheticFleet fleet =
        name.startsWith("nvl72")
            ? SyntheticFleet.likeTheScenario(gpus)
            : SyntheticFleet.ofEightGpuHosts(gpus);
    boolean byId = name.startsWith("by-id");
    Churn churn = new Churn(fleet, byId, fill / 100.0, clusterPct / 100.0, 7);
    churn.fill();
    churn.run(DECISIONS);
    long before = churn.refused();
    Runs runs = new Runs();
    for (int n = 0; n < RUNS; n++) {
      runs.measure(
          () -> {
            churn.run(DECISIONS);
            return DECISIONS;
          });
    }
    double refused = 100.0 * (churn.refused() - before) / (RUNS * DECISIONS);
    print(name, gpus, fill, clusterPct, runs, refused);
  }

  /** 512 hosts of 8 GPUs in one fabric: asked of every pool that may take it, and explained. */
  private void refusal(String name, int gpus, boolean amidWork) {
    if (!isWanted(name, gpus, 90, 100)) {
      return;
    }
    SyntheticFleet fleet = SyntheticFleet.likeTheScenario(gpus);
    new Churn(fleet, false, 0.9, 0.05, 7).fill();
    Shape shape = Shape.wholeGpus(8, 224, 1792);
    ClusterShape cluster = ClusterShape.of(shape, 512).within(Level.FABRIC, Strength.REQUIRED);
    Demand demand = new Demand("tenant", "b200", shape, null, "KR", 1);
    List<OfferedType> types =
        Stream.of(1, 2, 4, 8)
            .map(n -> new OfferedType("b200." + n, "b200", Shape.wholeGpus(n, 28 * n, 224 * n)))
            .toList();
    List<PoolView> pools =
        amidWork ? fleet.pools().stream().map(EngineBenchmark::amidWork).toList() : fleet.pools();
    Runs runs = new Runs();
    for (int n = 0; n < 2 * RUNS; n++) {
      runs.measure(
          () -> {
            for (int r = 0; r < REFUSALS; r++) {
              refuse(demand, cluster, pools, types);
            }
            return REFUSALS;
          });
    }
    print(name, gpus, 90, 100, runs, 100);
  }

  /** Every fourth host is closed for a window; these end at more times than are looked at. */
  private static PoolView amidWork(PoolView pool) {
    Instant now = Instant.parse("2027-04-10T00:00:00Z");
    List<PlannedWork> work = new ArrayList<>();
    List<HostSlots> hosts = pool.index().snapshot();
    for (int n = 0; n < hosts.size(); n += 4) {
      pool.index().setOpen(hosts.get(n).id(), false);
      Instant end = now.plus(Duration.ofHours(1 + n % 48));
      work.add(new PlannedWork(hosts.get(n).id(), now, end, true));
    }
    return pool.with(work);
  }

  private static void refuse(
      Demand demand, ClusterShape cluster, List<PoolView> pools, List<OfferedType> types) {
    for (PoolView pool : PlacementEngine.candidates(demand, pools)) {
      if (pool.index().tryPlace(cluster, demand.terms()).isPresent()) {
        throw new IllegalStateException("the impossible cluster was placed");
      }
    }
    Refusal refusal = PlacementEngine.refuse(demand, cluster, pools, types, List.of());
    if (refusal.removed().isEmpty()) {
      throw new IllegalStateException("the refusal says nothing");
    }
  }

  private void print(
      String name, int gpus, int fill, int clusterPct, Runs runs, double refusedPct) {
    double[] rates = runs.lastRates();
    out.println(
        String.format(
            Locale.ROOT,
            "%s,%d,%d,%d,%.0f,%.0f,%.0f,%.1f,%.2f,%.2f,%s",
            name,
            gpus,
            fill,
            clusterPct,
            rates[RUNS / 2],
            rates[0],
            rates[RUNS - 1],
            runs.lastCpuNanos(),
            refusedPct,
            SYSTEM.getSystemLoadAverage(),
            commit));
  }

  /** Times of runs; those before the last five are warm-up. */
  private static final class Runs {
    private final double[] rates = new double[2 * RUNS];
    private final double[] cpuNanos = new double[2 * RUNS];
    private int runs;

    void measure(LongSupplier work) {
      long cpu = SYSTEM.getProcessCpuTime();
      long begin = System.nanoTime();
      long decisions = work.getAsLong();
      rates[runs] = decisions * 1e9 / (System.nanoTime() - begin);
      cpuNanos[runs++] = (double) (SYSTEM.getProcessCpuTime() - cpu) / decisions;
    }

    double[] lastRates() {
      return lastSorted(rates);
    }

    double lastCpuNanos() {
      return lastSorted(cpuNanos)[RUNS / 2];
    }

    private double[] lastSorted(double[] values) {
      double[] last = Arrays.copyOfRange(values, runs - RUNS, runs);
      Arrays.sort(last);
      return last;
    }
  }
}
