package dev.gpucloud.benchmarks.http;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Instances asked of the gateway of a running stack, each durably placed when its answer comes, in
 * a closed loop over a number of connections. A round begins somewhat below the given fill and ends
 * as much above it; between rounds its instances are released.
 */
public final class HttpPlacement {
  private static final String HEADER =
      "system,hosts,fill_pct,gpus,clients,claims,claims_per_s,claims_per_s_min,claims_per_s_max,"
          + "p50_ms,p99_ms,p99_ms_min,p99_ms_max,conflict_pct,failed,cpu_us_per_claim,gateway_us,"
          + "inventory_us,postgresql_us,kafka_us,client_us,fsync,synchronous_commit,persistence,"
          + "load,commit";
  private static final int RUNS = 5;
  private static final int WARM_UPS = 12;
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final PrintWriter out =
      new PrintWriter(
          new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
          true);
  private final RunningStack stack;
  private final BenchPool pool;
  private final String commit;

  private HttpPlacement(RunningStack stack, BenchPool pool, String commit) {
    this.stack = stack;
    this.pool = pool;
    this.commit = commit;
  }

  /**
   * Arguments: data folder, hosts, fill in percent, GPUs a claim, claims a round, commit,
   * clients...
   */
  public static void main(String[] args) throws Exception {
    RunningStack stack = new RunningStack(Path.of(args[0]));
    BenchPool pool = new BenchPool(stack, Integer.parseInt(args[1]));
    HttpPlacement placement = new HttpPlacement(stack, pool, args[5]);
    stack.requireDurable();
    // Agents stand in the data centres and bill is made later: neither is on this machine then.
    stack.stop("site-agent");
    stack.stop("billing-service");
    try {
      placement.measure(
          Integer.parseInt(args[2]),
          Integer.parseInt(args[3]),
          Integer.parseInt(args[4]),
          Arrays.stream(args).skip(6).mapToInt(Integer::parseInt).toArray());
    } finally {
      stack.start("billing-service");
      stack.start("site-agent");
    }
  }

  /** Figures of one round; CPU in microseconds per claim, by component. */
  private record Round(
      double perSecond, double p50, double p99, int failed, Map<String, Double> cpu, double load) {
    double cpu(String component) {
      return cpu.getOrDefault(component, 0.0);
    }

    double all() {
      return cpu.entrySet().stream()
          .filter(part -> !part.getKey().equals("client"))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }
  }

  private void measure(int fillPct, int gpus, int claims, int[] clients) throws Exception {
    pool.create();
    fill(fillPct, gpus, claims);
    pool.mark();
    out.println(HEADER);
    int warmUps = WARM_UPS;
    for (int connections : clients) {
      List<Round> rounds = new ArrayList<>();
      for (int n = 0; n < warmUps + RUNS; n++) {
        Round round = round(BenchPool.type(gpus), claims, connections);
        pool.release();
        System.err.printf(
            Locale.ROOT,
            "%s, %d clients: %.0f/s, p99 %.1f ms, %s%n",
            n < warmUps ? "warm-up" : "run",
            connections,
            round.perSecond(),
            round.p99(),
            round.cpu());
        if (n >= warmUps) {
          rounds.add(round);
        }
      }
      warmUps = 1;
      print(fillPct, gpus, claims, connections, rounds);
    }
  }

  /** Whole hosts up to half a round below the fill. */
  private void fill(int fillPct, int gpus, int claims) throws Exception {
    long wanted = 8L * pool.hosts() * fillPct / 100 - (long) gpus * claims / 2;
    int missing = (int) Math.max(0, (wanted - pool.heldGpus()) / 8);
    if (missing > 0) {
      round(BenchPool.type(8), missing, 32);
    }
    pool.allRun();
    stack.sql("vacuum analyze");
  }

  private Round round(String type, int claims, int connections) throws Exception {
    String headers = "Authorization: Bearer " + stack.token(BenchPool.OPERATOR) + "\r\n";
    long[] nanos = new long[claims];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Map<String, Double> before = cpu();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<?>> loops = new ArrayList<>();
      for (int n = 0; n < connections; n++) {
        loops.add(
            threads.submit(
                () -> {
                  claim(type, headers, nanos, next, failed);
                  return null;
                }));
      }
      for (Future<?> each : loops) {
        each.get();
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    Map<String, Double> cpu = cpu();
    cpu.replaceAll((part, micros) -> (micros - before.getOrDefault(part, 0.0)) / claims);
    Arrays.sort(nanos);
    return new Round(
        claims / seconds,
        nanos[claims / 2] / 1e6,
        nanos[(int) Math.ceil(claims * 0.99) - 1] / 1e6,
        failed.get(),
        cpu,
        SYSTEM.getSystemLoadAverage());
  }

  private void claim(
      String type, String headers, long[] nanos, AtomicInteger next, AtomicInteger failed)
      throws IOException {
    try (PlainConnection connection = new PlainConnection(stack.gateway())) {
      for (int n = next.getAndIncrement(); n < nanos.length; n = next.getAndIncrement()) {
        UUID id = UUID.randomUUID();
        long begin = System.nanoTime();
        PlainConnection.Answer answer =
            connection.send(
                "POST",
                BenchPool.INSTANCES,
                headers + "Idempotency-Key: " + id + "\r\n",
                "{\"name\":\"bench-%s\",\"instanceType\":\"%s\"}".formatted(id, type));
        nanos[n] = System.nanoTime() - begin;
        if (answer.status() != 202 && failed.getAndIncrement() == 0) {
          System.err.println("The first failure: " + answer);
        }
      }
    }
  }

  private Map<String, Double> cpu() throws IOException, InterruptedException {
    Map<String, Double> cpu = new LinkedHashMap<>(stack.cpuMicros());
    cpu.put("client", SYSTEM.getProcessCpuTime() / 1e3);
    return cpu;
  }

  private void print(int fillPct, int gpus, int claims, int clients, List<Round> rounds) {
    double[] rate = sorted(rounds, Round::perSecond);
    double[] p99 = sorted(rounds, Round::p99);
    int failed = rounds.stream().mapToInt(Round::failed).sum();
    out.println(
        String.format(
            Locale.ROOT,
            "gpucloud-gateway,%d,%d,%d,%d,%d,%.0f,%.0f,%.0f,%.1f,%.1f,%.1f,%.1f,0.0,%d,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,on,on,permanent,%.2f,%s",
            pool.hosts(),
            fillPct,
            gpus,
            clients,
            claims,
            rate[RUNS / 2],
            rate[0],
            rate[RUNS - 1],
            sorted(rounds, Round::p50)[RUNS / 2],
            p99[RUNS / 2],
            p99[0],
            p99[RUNS - 1],
            failed,
            sorted(rounds, Round::all)[RUNS / 2],
            sorted(rounds, r -> r.cpu("gateway"))[RUNS / 2],
            sorted(rounds, r -> r.cpu("inventory-service"))[RUNS / 2],
            sorted(rounds, r -> r.cpu("postgresql"))[RUNS / 2],
            sorted(rounds, r -> r.cpu("kafka"))[RUNS / 2],
            sorted(rounds, r -> r.cpu("client"))[RUNS / 2],
            sorted(rounds, Round::load)[RUNS / 2],
            commit));
    if (failed > 0) {
      throw new IllegalStateException(failed + " claims failed, so these figures do not count");
    }
  }

  private static double[] sorted(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray();
  }
}
