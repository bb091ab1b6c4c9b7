package dev.gpucloud.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers /health/live, /health/ready and /metrics. */
public final class HealthServer implements AutoCloseable {
  private final HttpServer server;

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  /** What the server shows: each check by name, up or down. */
  public record Checks(Supplier<Map<String, Boolean>> live, Supplier<Map<String, Boolean>> ready) {}

  /** Listens at the address at once. */
  public static HealthServer start(InetSocketAddress address, Checks checks, Metrics metrics)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health/live", http -> answerChecks(http, checks.live().get()));
    server.createContext("/health/ready", http -> answerChecks(http, checks.ready().get()));
    server.createContext(
        "/metrics", http -> answer(http, 200, "text/plain; version=0.0.4", metrics.text()));
    server.start();
    return new HealthServer(server);
  }

  /** The port that it listens at. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answerChecks(HttpExchange http, Map<String, Boolean> checks)
      throws IOException {
    boolean up = checks.values().stream().allMatch(check -> check);
    String body =
        new LinkedHashMap<>(checks)
            .entrySet().stream()
                .map(HealthServer::json)
                .collect(
                    Collectors.joining(",", "{\"status\":\"" + word(up) + "\",\"checks\":[", "]}"));
    answer(http, up ? 200 : 503, "application/json", body);
  }

  private static String json(Map.Entry<String, Boolean> check) {
    return "{\"name\":\"" + check.getKey() + "\",\"status\":\"" + word(check.getValue()) + "\"}";
  }

  private static String word(boolean up) {
    return up ? "UP" : "DOWN";
  }

  private static void answer(HttpExchange http, int status, String type, String body)
      throws IOException {
    try (http) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      http.getResponseHeaders().set("Content-Type", type);
      http.sendResponseHeaders(status, bytes.length);
      http.getResponseBody().write(bytes);
    }
  }
}
