package dev.gpucloud.benchmarks.measured;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Runs of a consumer of this JVM: so many events are sent, and the time runs from the first send to
 * the last commit. The CPU of the JVM includes the sending. The first runs warm up.
 *
 * @param what name of the row
 * @param events events a run
 * @param commit commit measured
 */
public record Throughput(String what, int events, String commit) {
  /** Columns of {@link #row}. */
  public static final String HEADER =
      "what,events,events_per_s,events_per_s_min,events_per_s_max,jvm_us_per_event,"
          + "postgresql_us_per_event,fsync,load,commit";

  private static final int WARM_UPS = 2;
  private static final int RUNS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Sends the events of a run and answers how to see that all of them are committed. */
  @FunctionalInterface
  public interface Send {
    Done run(int run) throws Exception;
  }

  /** Whether the events of a run are committed; asked often, so it must be cheap. */
  @FunctionalInterface
  public interface Done {
    boolean isSo() throws Exception;
  }

  private record Run(double perSecond, double jvm, double postgres, double load) {}

  /** The medians of five runs as CSV, with progress on standard error. */
  public String row(MeasuredDatabase database, Send send) throws Exception {
    List<Run> runs = new ArrayList<>();
    for (int n = 0; n < WARM_UPS + RUNS; n++) {
      if (n == WARM_UPS) {
        database.run("analyze"); // autovacuum's work of a minute, which is longer than this takes
      }
      Run run = measure(database, n, send);
      System.err.printf(Locale.ROOT, "%s %s%n", n < WARM_UPS ? "warm-up" : "run", run);
      if (n >= WARM_UPS) {
        runs.add(run);
      }
    }
    return String.format(
        Locale.ROOT,
        "%s,%d,%.0f,%.0f,%.0f,%.1f,%.1f,on,%.2f,%s",
        what,
        events,
        median(runs, Run::perSecond),
        runs.stream().mapToDouble(Run::perSecond).min().orElseThrow(),
        runs.stream().mapToDouble(Run::perSecond).max().orElseThrow(),
        median(runs, Run::jvm),
        median(runs, Run::postgres),
        median(runs, Run::load),
        commit);
  }

  private Run measure(MeasuredDatabase database, int n, Send send) throws Exception {
    double jvm = SYSTEM.getProcessCpuTime() / 1e3;
    double postgres = database.cpuMicros();
    long begin = System.nanoTime();
    Done done = send.run(n);
    while (!done.isSo()) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException("not all events were committed");
      }
      Thread.sleep(10);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Run(
        events / seconds,
        (SYSTEM.getProcessCpuTime() / 1e3 - jvm) / events,
        (database.cpuMicros() - postgres) / events,
        SYSTEM.getSystemLoadAverage());
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(figure))
        .mapToDouble(figure)
        .toArray()[runs.size() / 2];
  }
}
