package dev.gpucloud.benchmarks.meter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Says over HTTP what inventory says of the benchmark's instances, each of which lived from its
 * start to its stop, and gives the token that it is asked with.
 */
final class Positions {
  private static final Pattern TENANT = Pattern.compile("tenant=(ten_[0-9a-f-]+)");
  private static final Pattern KNOWN = Pattern.compile("known=([0-9]+)");
  private static final int EVENTS_OF_AN_INSTANCE = 5;
  private static final Pattern SINCE = Pattern.compile("since=([^&]+)");
  private static final String POSITION =
      "%s{\"tenantId\":\"%s\",\"instanceId\":\"ins_%s\",\"lastSequence\":5}";
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

  /** The id that the filling gives an instance: by its start, and otherwise by chance. */
  private static String instance(String account, Instant month, int n) {
    byte[] text = (account + "/" + n).getBytes(StandardCharsets.US_ASCII);
    String chance = HexFormat.of().formatHex(md5().digest(text));
    long at = month.toEpochMilli() + n * 7919L % 2_400_000 * 1000;
    String id = "%012x7%s8%s".formatted(at, chance.substring(0, 3), chance.substring(3, 18));
    return new UUID(Long.parseUnsignedLong(id, 0, 16, 16), Long.parseUnsignedLong(id, 16, 32, 16))
        .toString();
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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

  /**
   * The instances of the month that is asked for; those of earlier months are at rest. Of a tenant
   * that all events are known of, none.
   */
  private void positions(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    var since = SINCE.matcher(query);
    Instant month = Instant.parse(since.find() ? since.group(1) : "");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (var out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      String separator = "{\"items\":[";
      var tenants = TENANT.matcher(query);
      var known = KNOWN.matcher(query);
      while (tenants.find()) {
        if (known.find()
            && Long.parseLong(known.group(1)) == (long) EVENTS_OF_AN_INSTANCE * perAccount) {
          continue;
        }
        String account = tenants.group(1).substring(4, 12);
        for (int n = 1; n <= perAccount; n++) {
          out.write(
              POSITION
                  .formatted(separator, tenants.group(1), instance(account, month, n))
                  .getBytes(StandardCharsets.US_ASCII));
          separator = ",";
        }
      }
      out.write(
          (separator.equals(",") ? "]}" : separator + "]}").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
