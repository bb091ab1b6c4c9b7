package dev.gpucloud.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import dev.gpucloud.devstack.client.PostgresAccess;
import dev.gpucloud.devstack.client.StackAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The running stack: its gateway, its users, its processes, its database. */
final class RunningStack {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long TICKS_PER_SECOND = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final DevStackFile file;
  private final StackAddress address;
  private final OidcClient oidc;

  RunningStack(Path home) {
    this.file = DevStackFile.in(home).orElseThrow();
    this.address = StackAddress.find(home).orElseThrow();
    this.oidc =
        new OidcClient(http, URI.create(file.url("issuer").orElseThrow()), InstantSource.system());
  }

  URI gateway() {
    return URI.create(file.url("gateway").orElseThrow());
  }

  String token(String user) {
    return new PasswordTokens(
            oidc,
            user,
            file.passwordOf(user).orElseThrow(),
            InstantSource.system(),
            RetryPolicy.lasting(Duration.ofSeconds(10)))
        .accessToken();
  }

  /** Stops a part that takes no part in what is measured. */
  void stop(String component) throws IOException, InterruptedException {
    address.control("POST", "/components/" + component + "/stop", "");
  }

  void start(String component) throws IOException, InterruptedException {
    address.control("POST", "/components/" + component + "/start", "");
  }

  /** CPU of every component so far, by name, in microseconds. */
  Map<String, Double> cpuMicros() throws IOException, InterruptedException {
    Map<String, Double> cpu = new LinkedHashMap<>();
    for (JsonNode component : JSON.readTree(address.control("GET", "/components", ""))) {
      if (component.hasNonNull("pid")) {
        cpu.put(component.path("name").asText(), cpuMicros(component.path("pid").asLong()));
      }
    }
    return cpu;
  }

  /** Of a process with all of its descendants. */
  private static double cpuMicros(long pid) throws IOException {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process == null) {
      return 0;
    }
    double sum = own(pid);
    for (ProcessHandle child : process.descendants().toList()) {
      sum += own(child.pid());
    }
    return sum;
  }

  private static double own(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1e6 / TICKS_PER_SECOND;
  }

  /** Resident memory of a component in MiB. */
  long residentMib(String name) throws IOException, InterruptedException {
    for (JsonNode component : JSON.readTree(address.control("GET", "/components", ""))) {
      if (component.path("name").asText().equals(name)) {
        return component.path("rssMib").asLong();
      }
    }
    throw new IOException("no component " + name);
  }

  /** An admin's request through the gateway; a status that is not expected fails. */
  String call(String user, String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway().resolve(path))
            .timeout(Duration.ofSeconds(120))
            .header("Authorization", "Bearer " + token(user))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Refuses a database that could forget what it acknowledged. */
  void requireDurable() throws SQLException {
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      if (!sql("show " + setting).equals("on")) {
        throw new IllegalStateException(setting + " is off: nothing is measured");
      }
    }
    String forgetful =
        sql(
            """
            select coalesce(string_agg(relname, ', '), '') from pg_class
            where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace
              and relpersistence <> 'p'""");
    if (!forgetful.isEmpty()) {
      throw new IllegalStateException("not logged, so nothing is measured: " + forgetful);
    }
  }

  /** A statement of the superuser on inventory's database: what the agents would have reported. */
  String sql(String statement) throws SQLException {
    PostgresAccess postgres =
        new PostgresAccess("127.0.0.1", address.port("postgresql.port"), address.passwords());
    try (Connection c = postgres.connect("inventory");
        Statement s = c.createStatement()) {
      if (!s.execute(statement)) {
        return Integer.toString(s.getUpdateCount());
      }
      try (ResultSet row = s.getResultSet()) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    }
  }
}
