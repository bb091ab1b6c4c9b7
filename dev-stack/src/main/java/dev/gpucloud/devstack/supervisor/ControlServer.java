package dev.gpucloud.devstack.supervisor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's API on the loopback address: JSON in and out, a bearer token on every request.
 * Routes get the rest of the path, and errors become problem documents.
 */
final class ControlServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final HttpServer server;

  /** A request as a route sees it. */
  record Request(String method, String path, Map<String, String> query, JsonNode body) {
    /** A string of the body, or null. */
    @Nullable String text(String field) {
      return body.hasNonNull(field) ? body.get(field).asText() : null;
    }
  }

  /** Answers a request with something Jackson can write. */
  @FunctionalInterface
  interface Route {
    Object answer(Request request) throws Exception;
  }

  /** A refusal with its status and code. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refusal(int status, String code, String detail) {
      super(detail);
      this.status = status;
      this.code = code;
    }
  }

  ControlServer(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  }

  /** Serves everything below the path to callers that show one of the tokens. */
  void serve(String path, Set<String> tokens, Route route) {
    server.createContext(path, exchange -> handle(exchange, tokens, route));
  }

  void start() {
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void handle(HttpExchange exchange, Set<String> tokens, Route route)
      throws IOException {
    try (exchange) {
      try {
        authorise(exchange, tokens);
        answer(
            exchange,
            200,
            "application/json",
            JSON.writeValueAsBytes(route.answer(read(exchange))));
      } catch (Refusal e) {
        problem(exchange, e.status, e.code, e.getMessage());
      } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
        problem(exchange, 400, "MALFORMED_BODY", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        problem(exchange, 503, "UPSTREAM_UNAVAILABLE", "The stack is going down.");
      } catch (Exception e) {
        e.printStackTrace();
        problem(exchange, 500, "INTERNAL", "See the supervisor's log.");
      }
    }
  }

  private static void authorise(HttpExchange exchange, Set<String> tokens) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    boolean known =
        given != null && tokens.stream().anyMatch(token -> same("Bearer " + token, given));
    if (!known) {
      throw new Refusal(401, "UNAUTHENTICATED", "Send the token of the stack's data folder.");
    }
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static Request read(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new Refusal(413, "BODY_TOO_LARGE", "At most 64 KiB.");
    }
    JsonNode body = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query(exchange.getRequestURI().getRawQuery()),
        body);
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  private static void problem(HttpExchange exchange, int status, String code, String detail)
      throws IOException {
    ObjectNode problem = JSON.createObjectNode();
    problem.put("type", "about:blank");
    problem.put("title", code);
    problem.put("status", status);
    problem.put("code", code);
    problem.put("detail", detail);
    answer(exchange, status, "application/problem+json", JSON.writeValueAsBytes(problem));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
