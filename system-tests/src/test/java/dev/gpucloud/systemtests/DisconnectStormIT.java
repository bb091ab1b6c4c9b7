package dev.gpucloud.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many clients that hang up in the middle of everything: afterwards it is as if none had come. */
class DisconnectStormIT {
  private static final int CLIENTS = 400;
  private static final int AT_ONCE = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OPERATOR = "sk-hynix-operator";
  private static final String PROJECT = "/api/v1/projects/sk-hynix.fab-digital-twin";
  private static final String BODY = "{\"name\":\"storm\",\"instanceType\":\"b200.1x\"}";

  /** Transactions that nobody ends: what works takes no such time. */
  private static final String FORGOTTEN =
      """
      select count(*) from pg_stat_activity
      where datname in ('tenant', 'inventory', 'billing') and xact_start < now() - interval '5 s'""";

  private final String token = Product.stack().token(OPERATOR);
  private final URI gateway = URI.create(Product.stack().gatewayUrl());

  @Test
  void leavesNothingBehind() throws Exception {
    List<String> ways =
        List.of(
            head("GET", PROJECT + "/instances", ""),
            head("GET", "/api/v1/tenants/sk-hynix/usage", ""),
            head("GET", "/openapi", ""),
            head("POST", PROJECT + "/placements?validateOnly=true", length(BODY.length())) + BODY,
            head("POST", PROJECT + "/placements?validateOnly=true", length(BODY.length()))
                + BODY.substring(0, 10),
            head("POST", PROJECT + "/placements?validateOnly=true", length(900_000)) + BODY,
            head("GET", "/api/v1/events", ""));
    List<Callable<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String way = ways.get(i % ways.size());
      int millis = i % 30;
      clients.add(() -> hangUp(way, millis));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<Void> client : threads.invokeAll(clients)) {
        client.get();
      }
    }

    eventually("requests under way", () -> metrics().contains("gpucloud_gateway_in_flight 0.0"));
    eventually("forgotten transactions", () -> forgotten() == 0);
    for (int i = 0; i < 100; i++) {
      Product.withToken(token).get("/projects/sk-hynix.fab-digital-twin/instances").expect(200);
      Product.withToken(token).get("/tenants/sk-hynix/usage").expect(200);
    }
  }

  private Void hangUp(String request, int millis) throws IOException, InterruptedException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoLinger(true, 0); // a reset, as of a process that was killed
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      Thread.sleep(millis);
    }
    return null;
  }

  private String head(String method, String path, String more) {
    return "%s %s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(method, path, token, more);
  }

  private static String length(int bytes) {
    return "Content-Type: application/json\r\nContent-Length: " + bytes + "\r\n";
  }

  private String metrics() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(gateway.resolve("/q/metrics")).build(), BodyHandlers.ofString())
        .body();
  }

  private static long forgotten() throws SQLException {
    try (Connection c = Product.stack().backing().postgres().connect("postgres");
        Statement s = c.createStatement();
        ResultSet row = s.executeQuery(FORGOTTEN)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void eventually(String what, Callable<Boolean> holds) throws Exception {
    Instant until = Instant.now().plus(PATIENCE);
    while (!holds.call()) {
      assertThat(Instant.now()).as(what).isBefore(until);
      Thread.sleep(200);
    }
  }
}
