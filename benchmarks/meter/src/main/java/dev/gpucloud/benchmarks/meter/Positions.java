package dev.gpucloud.benchmarks.meter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Says over HTTP what inventory says of the benchmark's instances, each of which lived from its
 * start to its stop, and gives the token that it is asked with.
 */
final class Positions {
  private static final Pattern TENANT = Pattern.compile("tenant=(ten_[0-9a-f-]+)");
  private static final Pattern BEFORE = Pattern.compile("before=([^&]+)");
  private static final String POSITION =
      "%s{\"tenantId\":\"%s\",\"instanceId\":\"ins_%s-0%d04-7000-8000-%012x\",\"lastSequence\":2}";
  private final int perAccount;

  private Positions(int perAccount) {
    this.perAccount = perAccount;
  }

  /** Serves on a free port and tells the service of it. */
  static void serve(int perAccount) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/internal/v1/metering/positions", new Positions(perAccount)::positions);
    server.createContext("/realm/protocol/openid-connect/token", Positions::token);
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    System.setProperty("quarkus.rest-client.inventory.url", base);
    System.setProperty("quarkus.oidc-client.auth-server-url", base + "/realm");
    System.setProperty("quarkus.oidc-client.credentials.secret", "secret-of-the-benchmark");
  }

  private static int months(Instant before) {
    YearMonth now = BillingMonth.of(Instant.now()).month();
    YearMonth then = BillingMonth.of(before).month();
    return CloseBenchmark.MONTHS - (int) ChronoUnit.MONTHS.between(then, now);
  }

  private static void token(HttpExchange exchange) throws IOException {
    answer(exchange, "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":86400}");
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** The instances of the months before the instant asked for. */
  private void positions(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    var before = BEFORE.matcher(query);
    int months = before.find() ? months(Instant.parse(before.group(1))) : 0;
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (var out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      String separator = "{\"items\":[";
      var tenants = TENANT.matcher(query);
      while (tenants.find()) {
        String account = tenants.group(1).substring(4, 12);
        for (int n = 0; n < months * perAccount; n++) {
          out.write(
              POSITION
                  .formatted(
                      separator, tenants.group(1), account, n / perAccount + 1, n % perAccount + 1)
                  .getBytes(StandardCharsets.US_ASCII));
          separator = ",";
        }
      }
      out.write(
          (separator.equals(",") ? "]}" : separator + "]}").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
