package dev.gpucloud.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends requests to the running stack at a fixed rate, whatever the answers take, and prints what
 * each kind took from the moment it was due: so a stall counts for every request it delays.
 *
 * <p>One of four requests creates an instance (durably placed when the answer comes), one deletes
 * one created before, two read. CPU is that of all components of the stack, from {@code /proc}.
 * Meanwhile clients of another tenant may read without a pause, whatever the limits answer them.
 */
public final class ApiLatency {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROJECT = "/projects/sk-telecom.foundation-model/instances";
  private static final long TICKS_PER_SECOND = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> created = new ConcurrentLinkedQueue<>();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final AtomicReference<String> firstFailure = new AtomicReference<>();
  private final String base;
  private final PasswordTokens tokens;
  private final PasswordTokens strangersTokens;
  private final Map<Integer, Integer> storm = new ConcurrentSkipListMap<>();

  private record Sample(String kind, long nanos, int status) {}

  private ApiLatency(DevStackFile stack) {
    this.base = stack.url("gateway").orElseThrow() + "/api/v1";
    this.tokens = tokens(stack, "sk-telecom-operator");
    this.strangersTokens = tokens(stack, "sk-hynix-operator");
  }

  private PasswordTokens tokens(DevStackFile stack, String user) {
    OidcClient oidc =
        new OidcClient(http, URI.create(stack.url("issuer").orElseThrow()), InstantSource.system());
    return new PasswordTokens(
        oidc,
        user,
        stack.passwordOf(user).orElseThrow(),
        InstantSource.system(),
        RetryPolicy.lasting(Duration.ofSeconds(10)));
  }

  /**
   * Arguments: data folder of the stack, requests a second, seconds, file of component pids,
   * clients of another tenant.
   */
  public static void main(String[] args) throws Exception {
    DevStackFile stack = DevStackFile.in(Path.of(args[0])).orElseThrow();
    int perSecond = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    List<Long> pids =
        Files.readAllLines(Path.of(args[3])).stream()
            .filter(line -> !line.isBlank())
            .map(line -> Long.parseLong(line.strip()))
            .toList();
    int clients = Integer.parseInt(args[4]);
    System.exit(new ApiLatency(stack).measure(perSecond, seconds, pids, clients));
  }

  /** Exit status: a run in which a request failed measured something else, and says so. */
  private int measure(int perSecond, int seconds, List<Long> pids, int clients)
      throws InterruptedException, IOException {
    rounds(perSecond, 5);
    samples.clear();
    Map<Long, Long> before = ticks(pids);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService strangers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        strangers.submit(() -> rage(over));
      }
      rounds(perSecond, seconds);
      over.set(true);
    }
    long cpu = cpuMillis(before);
    cleanUp();
    print(perSecond, cpu);
    String failure = firstFailure.get();
    if (failure != null) {
      System.err.println("A request failed, so these figures do not count; the first: " + failure);
    }
    return failure == null ? 0 : 1;
  }

  private Void rage(AtomicBoolean over) throws IOException, InterruptedException {
    String token = strangersTokens.accessToken();
    while (!over.get()) {
      HttpRequest read =
          HttpRequest.newBuilder(URI.create(base + "/tenants/sk-hynix"))
              .header("Authorization", "Bearer " + token)
              .build();
      int status = http.send(read, HttpResponse.BodyHandlers.discarding()).statusCode();
      storm.merge(status, 1, Integer::sum);
    }
    return null;
  }

  private void rounds(int perSecond, int seconds) throws InterruptedException {
    int count = perSecond * seconds;
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    long begin = System.nanoTime();
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        long due = begin + TimeUnit.SECONDS.toNanos(i) / perSecond;
        timer.schedule(
            () -> {
              open.incrementAndGet();
              send(number, due, open);
              sent.incrementAndGet();
            },
            due - System.nanoTime(),
            TimeUnit.NANOSECONDS);
      }
    }
    while (sent.get() < count || open.get() > 0) {
      Thread.sleep(20);
    }
  }

  private void send(int number, long due, AtomicInteger open) {
    String kind =
        switch (number % 4) {
          case 0 -> "create";
          case 1 -> "list-instances";
          case 2 -> created.size() > 8 ? "delete" : "list-types";
          default -> "list-types";
        };
    http.sendAsync(request(kind), HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, failure) -> {
              int status = failure == null ? answer.statusCode() : 0;
              samples.add(new Sample(kind, System.nanoTime() - due, status));
              if (kind.equals("create") && status == 202) {
                created.add(idOf(answer.body()));
              }
              if (status / 100 != 2) {
                firstFailure.compareAndSet(
                    null, kind + ": " + (failure == null ? answer.body() : failure.toString()));
              }
              open.decrementAndGet();
            });
  }

  private HttpRequest request(String kind) {
    return switch (kind) {
      case "create" ->
          to(PROJECT)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", UUID.randomUUID().toString())
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"name\":\"bench-%s\",\"instanceType\":\"b200.1x\"}"
                          .formatted(UUID.randomUUID())))
              .build();
      case "delete" -> to(PROJECT + "/" + created.poll()).DELETE().build();
      case "list-instances" -> to(PROJECT + "?pageSize=20").GET().build();
      default -> to("/instance-types").GET().build();
    };
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + tokens.accessToken());
  }

  private void cleanUp() throws InterruptedException, IOException {
    for (String id = created.poll(); id != null; id = created.poll()) {
      http.send(to(PROJECT + "/" + id).DELETE().build(), HttpResponse.BodyHandlers.discarding());
    }
  }

  private void print(int perSecond, long cpuMillis) {
    PrintWriter out =
        new PrintWriter(
            new java.io.OutputStreamWriter(
                new java.io.FileOutputStream(java.io.FileDescriptor.out), StandardCharsets.UTF_8),
            true);
    out.println(
        "kind,rate_per_s,requests,failed,p50_ms,p95_ms,p99_ms,max_ms,stack_cpu_ms_per_request");
    double cpuEach = cpuMillis / (double) samples.size();
    for (String kind : List.of("list-types", "list-instances", "create", "delete")) {
      List<Sample> own = samples.stream().filter(s -> s.kind().equals(kind)).toList();
      List<Long> sorted = new ArrayList<>(own.stream().map(Sample::nanos).sorted().toList());
      long failed = own.stream().filter(s -> s.status() / 100 != 2).count();
      out.printf(
          "%s,%d,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f%n",
          kind,
          perSecond,
          own.size(),
          failed,
          at(sorted, 0.50),
          at(sorted, 0.95),
          at(sorted, 0.99),
          at(sorted, 1.0),
          cpuEach);
    }
    storm.forEach(
        (status, times) -> System.err.printf("the other tenant: %d times %d%n", times, status));
  }

  private static double at(List<Long> sorted, double share) {
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int index = (int) Math.min(sorted.size() - 1, Math.ceil(share * sorted.size()) - 1);
    return sorted.get(Math.max(index, 0)) / 1e6;
  }

  private static String idOf(String body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json.path("id").asText();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of those that are still there: the database ends connections that are not used. */
  private static long cpuMillis(Map<Long, Long> before) throws IOException {
    long ticks = 0;
    for (Map.Entry<Long, Long> now : ticks(before.keySet()).entrySet()) {
      ticks += now.getValue() - before.get(now.getKey());
    }
    return ticks * 1000 / TICKS_PER_SECOND;
  }

  private static Map<Long, Long> ticks(Collection<Long> pids) throws IOException {
    Map<Long, Long> found = new HashMap<>();
    for (long pid : pids) {
      Path file = Path.of("/proc/" + pid + "/stat");
      if (Files.exists(file)) {
        String stat = Files.readString(file);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        found.put(pid, Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum());
      }
    }
    return found;
  }
}
