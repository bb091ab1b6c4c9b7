package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * API and identity provider on one socket: answers what it was told to, remembers what it was
 * asked.
 */
final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();

  /** A request as it arrived. */
  record Request(String method, String uri, Map<String, String> headers, String body) {
    JsonNode json() {
      return Json.parseOrMissing(body);
    }
  }

  private record Answer(int status, String body, Map<String, String> headers) {}

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    answer(
        "GET /.well-known/oauth-protected-resource",
        200,
        "{\"authorization_servers\":[\"" + issuer() + "\"]}");
    answer(
        "GET /realm/.well-known/openid-configuration",
        200,
        """
        {"token_endpoint":"%1$s/token","device_authorization_endpoint":"%1$s/device",
         "end_session_endpoint":"%1$s/logout"}"""
            .formatted(issuer()));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String issuer() {
    return url() + "/realm";
  }

  /** The next answer to this method and path; the last one given stays for all that follow. */
  FakeServer answer(String methodAndPath, int status, String body, String... headers) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    synchronized (this) {
      answers
          .computeIfAbsent(methodAndPath, k -> new ArrayDeque<>())
          .add(new Answer(status, body, all));
    }
    return this;
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** What was asked of the API itself, without login traffic. */
  List<Request> apiRequests() {
    return requests().stream().filter(r -> r.uri().startsWith("/api/")).toList();
  }

  Request last() {
    return apiRequests().getLast();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Tokens as the identity provider gives them; the name is in the access token. */
  static String tokens(String username, long expiresInSeconds, String refreshToken) {
    return """
        {"access_token":"%s","refresh_token":"%s","expires_in":%d}"""
        .formatted(token(username), refreshToken, expiresInSeconds);
  }

  static String token(String username) {
    String claims = "{\"sub\":\"s-1\",\"preferred_username\":\"" + username + "\"}";
    return "e30."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".sig";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((k, v) -> headers.put(k.toLowerCase(java.util.Locale.ROOT), v.getFirst()));
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Request request =
          new Request(
              exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
      Answer answer = next(request, exchange.getRequestURI().getPath());
      answer.headers().forEach((k, v) -> exchange.getResponseHeaders().set(k, v));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private synchronized Answer next(Request request, String path) {
    requests.add(request);
    Deque<Answer> queue = answers.get(request.method() + " " + path);
    if (queue == null) {
      return new Answer(
          404,
          "{\"code\":\"NOT_FOUND\",\"title\":\"no answer prepared\",\"detail\":\""
              + request.method()
              + " "
              + path
              + "\"}",
          Map.of());
    }
    return queue.size() > 1 ? queue.remove() : queue.getFirst();
  }
}
