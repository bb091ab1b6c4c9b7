package dev.gpucloud.benchmarks;

import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a check of a caller's roles takes inside tenant-service, by its own metric, while a member
 * reads their tenant: first as many requests to warm it, then as many that count. Requests go to
 * the service itself, for the gateway has limits.
 */
public final class AccessFigures {
  private static final String USER = "sk-telecom-operator";
  private static final String PATH = "/api/v1/tenants/sk-telecom";
  private static final int CLIENTS = 2;
  private static final double[] BOUNDS_US = {10, 20, 50, 100, 1_000};
  private static final Pattern CHECKS =
      Pattern.compile("gpucloud_access_check_seconds_(count|sum|bucket)\\{([^}]*)} ([0-9.E+-]+)");
  private static final Pattern BOUND = Pattern.compile("le=\"([0-9.E+-]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String service;
  private final PasswordTokens tokens;

  private AccessFigures(DevStackFile stack) {
    this.service = stack.url("tenant-service").orElseThrow();
    this.tokens =
        new PasswordTokens(
            new OidcClient(
                http, URI.create(stack.url("issuer").orElseThrow()), InstantSource.system()),
            USER,
            stack.passwordOf(USER).orElseThrow(),
            InstantSource.system(),
            RetryPolicy.lasting(Duration.ofSeconds(10)));
  }

  /** What was counted so far: by name, and by bound in microseconds. */
  private record Counts(Map<String, Double> totals, Map<Long, Double> atMost) {
    double total(String name) {
      return totals.getOrDefault(name, 0.0);
    }
  }

  /** Arguments: data folder of the stack, requests, commit. */
  public static void main(String[] args) throws Exception {
    new AccessFigures(DevStackFile.in(Path.of(args[0])).orElseThrow())
        .measure(Integer.parseInt(args[1]), args[2]);
  }

  private void measure(int requests, String commit) throws Exception {
    System.out.println(
        "checks,count,mean_us,pct_to_10us,pct_to_20us,pct_to_50us,pct_to_100us,pct_to_1ms,commit");
    send("warming", requests);
    Map<Boolean, Counts> before = Map.of(true, counts("true"), false, counts("false"));
    send("measuring", requests);
    row("remembered", before.get(true), counts("true"), commit);
    row("looked up", before.get(false), counts("false"), commit);
  }

  private void send(String step, int requests) throws Exception {
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        boolean shows = i == 0;
        running.add(clients.submit(() -> read(step, requests / CLIENTS, shows)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private Void read(String step, int requests, boolean shows)
      throws IOException, InterruptedException {
    for (int i = 1; i <= requests; i++) {
      text(PATH, tokens.accessToken());
      if (shows && (i % 100 == 0 || i == requests)) {
        StackApi.bar(step, i, requests);
      }
    }
    return null;
  }

  private Counts counts(String remembered) throws IOException, InterruptedException {
    var counts = new Counts(new TreeMap<>(), new TreeMap<>());
    Matcher line = CHECKS.matcher(text("/q/metrics", ""));
    while (line.find()) {
      if (!line.group(2).contains("remembered=\"" + remembered + "\"")) {
        continue;
      }
      double value = Double.parseDouble(line.group(3));
      Matcher bound = BOUND.matcher(line.group(2));
      if (!line.group(1).equals("bucket")) {
        counts.totals().merge(line.group(1), value, Double::sum);
      } else if (bound.find()) {
        long micros = Math.round(Double.parseDouble(bound.group(1)) * 1e6);
        counts.atMost().merge(micros, value, Double::sum);
      }
    }
    return counts;
  }

  private String text(String path, String token) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service + path)).timeout(Duration.ofSeconds(30));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  private static void row(String what, Counts before, Counts after, String commit) {
    double count = after.total("count") - before.total("count");
    double seconds = after.total("sum") - before.total("sum");
    var shares = new StringBuilder();
    for (double bound : BOUNDS_US) {
      long micros = (long) bound;
      double within =
          after.atMost().getOrDefault(micros, 0.0) - before.atMost().getOrDefault(micros, 0.0);
      shares.append(String.format(Locale.ROOT, ",%.2f", 100 * within / count));
    }
    System.out.printf(
        Locale.ROOT, "%s,%.0f,%.1f%s,%s%n", what, count, seconds * 1e6 / count, shares, commit);
  }
}
