package dev.gpucloud.benchmarks.edge;

import dev.gpucloud.devstack.client.DurableStack;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The gateway beside nginx in the same place: a small GET with a token that is known, what each
 * adds to the way, the gateway's start with and without its AOT cache, and idle event streams.
 * Prints CSV.
 */
public final class EdgeBenchmark {
  private static final int RUNS = 5;

  /** Runs until the compiler has done what it does; nginx has nothing to compile. */
  private static final int WARMING = 6;

  /** What was idle while others were measured has its memory and caches back by then. */
  private static final int WAKING_SECONDS = 3;

  private static final int STREAMS = 10_000;
  private static final int STREAMS_PER_CALLER = 8;
  private static final String PATH = "/api/v1/projects/prj_1/instances";
  private static final List<String> BOUNDS = List.of("-Xmx256m", "-XX:+UseSerialGC");
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final Path root;
  private final Path work;
  private final int connections;
  private final int seconds;
  private final String commit;
  private final String part;
  private final int servicePort = freePort();
  private final int edgePort = freePort();
  private final int gatewayPort = freePort();
  private final Issuer issuer;

  private EdgeBenchmark(Path root, int connections, int seconds, String commit, String part)
      throws Exception {
    this.root = root;
    this.work = root.resolve("benchmarks/target/edge");
    this.connections = connections;
    this.seconds = seconds;
    this.commit = commit;
    this.part = part;
    this.issuer = new Issuer("http://127.0.0.1:" + servicePort + "/realms/gpucloud");
  }

  /**
   * Arguments: folder of the project, connections, seconds a run, the commit measured, and which
   * part: starts, requests, streams or all.
   */
  public static void main(String[] args) throws Exception {
    new EdgeBenchmark(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            args[3],
            args[4])
        .run();
  }

  private void run() throws Exception {
    Files.createDirectories(work);
    issuer.publish(work.resolve("www"));
    Map<String, String> places =
        Map.of("WORK", work.toString(), "SERVICE", "" + servicePort, "EDGE", "" + edgePort);
    Path templates = root.resolve("benchmarks/peers/nginx");
    try (DurableStack stack = DurableStack.start(root, work.resolve("stack"));
        Nginx service = Nginx.start(templates.resolve("service.conf"), work, places);
        Nginx edge = Nginx.start(templates.resolve("edge.conf"), work, places)) {
      Map<String, String> environment = environment(stack);
      Gateway.rehearse(root, BOUNDS, cache(), work.resolve("rehearsal.log"));
      if (isAsked("starts")) {
        starts(environment);
      }
      if (isAsked("requests")) {
        requests(environment, edge);
      }
      if (isAsked("streams")) {
        streams(environment);
      }
      if (!service.figures().process().isAlive()) {
        throw new IllegalStateException("the service behind the edges has ended");
      }
    }
  }

  private boolean isAsked(String which) {
    return part.equals("all") || part.equals(which);
  }

  private Map<String, String> environment(DurableStack stack) {
    Map<String, String> environment = new HashMap<>(stack.kafka().environment("gateway"));
    String service = "http://127.0.0.1:" + servicePort;
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("GPUCLOUD_OIDC_ISSUER", service + "/realms/gpucloud");
    environment.put("GPUCLOUD_TENANT_URL", service);
    environment.put("GPUCLOUD_INVENTORY_URL", service);
    environment.put("GPUCLOUD_BILLING_URL", service);
    // one user does what thousands would
    environment.put("GPUCLOUD_GATEWAY_LIMITS_WINDOW", "PT0.01S");
    environment.put("GPUCLOUD_GATEWAY_LIMITS_CONCURRENT_PER_CALLER", "1000");
    environment.put("GPUCLOUD_GATEWAY_LIMITS_CONCURRENT_PER_TENANT", "1000");
    environment.put("MALLOC_ARENA_MAX", "2");
    return environment;
  }

  private Gateway gateway(Map<String, String> environment, List<String> options)
      throws IOException {
    return Gateway.start(root, options, environment, gatewayPort, work.resolve("gateway.log"));
  }

  private Path cache() {
    return work.resolve("gateway.aot");
  }

  /** As in production, where a cache that cannot be used is an error; a recorder takes none. */
  private List<String> cached() {
    List<String> options = new ArrayList<>(BOUNDS);
    String others = System.getenv("GATEWAY_JAVA_OPTIONS");
    if (others != null) {
      options.addAll(List.of(others.split(" ")));
      return options;
    }
    options.add("-XX:AOTCache=" + cache());
    options.add("-XX:AOTMode=on");
    return options;
  }

  private record Start(double seconds, double cpuMillis, double rssMib) {}

  private void starts(Map<String, String> environment) throws Exception {
    OUT.println("start,aot_cache,first_answer_s,min,max,cpu_ms,rss_mib,load,commit");
    String token = issuer.token("user-0");
    for (String cache : List.of("on", "off")) {
      List<Start> starts = new ArrayList<>();
      for (int run = 0; run <= RUNS; run++) {
        try (Gateway gateway = gateway(environment, cache.equals("on") ? cached() : BOUNDS)) {
          Duration first = gateway.firstAnswer(PATH, token);
          var figures = gateway.figures();
          if (run > 0) { // the first fills the page cache
            starts.add(
                new Start(first.toNanos() / 1e9, figures.cpuMicros() / 1e3, figures.rssMib()));
          }
        }
      }
      OUT.printf(
          Locale.ROOT,
          "start,%s,%.2f,%.2f,%.2f,%.0f,%.0f,%.2f,%s%n",
          cache,
          median(starts, Start::seconds),
          starts.stream().mapToDouble(Start::seconds).min().orElseThrow(),
          starts.stream().mapToDouble(Start::seconds).max().orElseThrow(),
          median(starts, Start::cpuMillis),
          median(starts, Start::rssMib),
          load(),
          commit);
    }
  }

  private record Run(Wrk.Result result, double cpuMicros) {}

  private void requests(Map<String, String> environment, Nginx edge) throws Exception {
    String token = issuer.token("user-0");
    Wrk wrk = new Wrk(report(), seconds);
    try (Gateway gateway = gateway(environment, cached())) {
      gateway.firstAnswer(PATH, token);
      Map<String, ProcessFigures> figures =
          Map.of("nginx", edge.figures(), "gateway", gateway.figures());
      Map<String, Integer> ports =
          Map.of("none", servicePort, "nginx", edgePort, "gateway", gatewayPort);
      for (int n = 0; n < WARMING; n++) {
        measured(wrk, figures, ports, "gateway", token, connections);
      }
      OUT.println(
          "edge,connections,requests_per_s,min,max,p50_ms,p99_ms,cpu_us_per_request,rss_mib,failed,"
              + "load,commit");
      Map<String, Double> cpu = new HashMap<>();
      for (int clients : new int[] {connections, 1}) {
        Map<String, List<Run>> runs = new HashMap<>();
        for (int run = 0; run < RUNS; run++) {
          for (String system : List.of("none", "nginx", "gateway")) {
            runs.computeIfAbsent(system, s -> new ArrayList<>())
                .add(measured(wrk, figures, ports, system, token, clients));
          }
        }
        for (String system : List.of("none", "nginx", "gateway")) {
          cpu.put(system + clients, row(system, clients, runs.get(system), figures.get(system)));
        }
      }
      OUT.println("ratio,what,times,wanted");
      OUT.printf(
          Locale.ROOT,
          "ratio,cpu per request gateway to nginx,%.2f,2%n",
          cpu.get("gateway" + connections) / cpu.get("nginx" + connections));
    }
  }

  private Path report() {
    return root.resolve("benchmarks/peers/nginx/report.lua");
  }

  private Run measured(
      Wrk wrk,
      Map<String, ProcessFigures> figures,
      Map<String, Integer> ports,
      String system,
      String token,
      int clients)
      throws Exception {
    String address = "http://127.0.0.1:" + ports.get(system) + PATH;
    new Wrk(report(), WAKING_SECONDS).run(address, token, clients);
    ProcessFigures process = figures.get(system);
    double before = process == null ? 0 : process.cpuMicros();
    Wrk.Result result = wrk.run(address, token, clients);
    double after = process == null ? 0 : process.cpuMicros();
    double cpu = (after - before) / result.requests();
    System.err.printf(Locale.ROOT, "%s %d %s %.1f us%n", system, clients, result, cpu);
    if (result.failed() > 0) {
      throw new IllegalStateException(system + " failed " + result.failed() + " requests");
    }
    return new Run(result, cpu);
  }

  /** Prints the medians and answers that of the CPU. */
  private double row(String system, int clients, List<Run> runs, ProcessFigures process)
      throws IOException {
    double cpu = median(runs, Run::cpuMicros);
    OUT.printf(
        Locale.ROOT,
        "%s,%d,%.0f,%.0f,%.0f,%.3f,%.3f,%.1f,%d,0,%.2f,%s%n",
        system,
        clients,
        median(runs, r -> r.result().perSecond()),
        runs.stream().mapToDouble(r -> r.result().perSecond()).min().orElseThrow(),
        runs.stream().mapToDouble(r -> r.result().perSecond()).max().orElseThrow(),
        median(runs, r -> r.result().p50Ms()),
        median(runs, r -> r.result().p99Ms()),
        cpu,
        process == null ? 0 : process.rssMib(),
        load(),
        commit);
    return cpu;
  }

  private void streams(Map<String, String> environment) throws Exception {
    List<String> callers = new ArrayList<>();
    for (int n = 0; n < STREAMS / STREAMS_PER_CALLER; n++) {
      callers.add(issuer.token("user-" + n));
    }
    List<String> tokens =
        IntStream.range(0, STREAMS).mapToObj(n -> callers.get(n % callers.size())).toList();
    try (Gateway gateway = gateway(environment, cached());
        IdleStreams streams = new IdleStreams()) {
      gateway.firstAnswer(PATH, callers.getFirst());
      long began = System.nanoTime();
      streams.open(gatewayPort, tokens, Duration.ofMinutes(5).toNanos());
      double opened = (System.nanoTime() - began) / 1e9;
      double before = gateway.figures().cpuMicros();
      long heartbeats = streams.listen(Duration.ofSeconds(45).toNanos());
      OUT.println(
          "streams,open,seconds_to_open,rss_mib,heartbeats_in_45_s,cpu_pct,ended,load,commit");
      OUT.printf(
          Locale.ROOT,
          "streams,%d,%.1f,%d,%d,%.1f,%d,%.2f,%s%n",
          STREAMS,
          opened,
          gateway.figures().rssMib(),
          heartbeats,
          (gateway.figures().cpuMicros() - before) / 45e4,
          streams.ended(),
          load(),
          commit);
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static <T> double median(List<T> runs, ToDoubleFunction<T> of) {
    double[] all = runs.stream().mapToDouble(of).sorted().toArray();
    return Arrays.stream(all).skip(all.length / 2).findFirst().orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
