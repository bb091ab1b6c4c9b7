package dev.gpucloud.systemtests.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.systemtests.examples.Declared.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The public API, asked with what an operation's document says it takes. */
final class Gateway {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TOKEN_USE = Duration.ofSeconds(60);
  private static final String STREAM = "text/event-stream";

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final Function<String, String> tokens;
  private final Map<String, Held> held = new HashMap<>();

  private record Held(String token, long untilNanos) {}

  /** {@code tokens} gives a fresh access token of a user. */
  Gateway(String base, Function<String, String> tokens) {
    this.base = base;
    this.tokens = tokens;
  }

  JsonNode document() {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/openapi")).build();
      return JSON.readTree(exchange(request).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer get(String user, String path) {
    return exchange(request(user, path).header("Accept", "*/*").GET().build());
  }

  Answer delete(String user, String path) {
    return exchange(request(user, path).header("If-Match", "*").DELETE().build());
  }

  /** Sends a body with the headers that the operation takes; the version is the one seen now. */
  Answer send(Operation operation, String user, String path, String type, String body) {
    HttpRequest.Builder request = request(user, path);
    request.header("Content-Type", type);
    if (operation.takesHeader("Idempotency-Key")) {
      request.header("Idempotency-Key", UUID.randomUUID().toString());
    }
    if (operation.takesHeader("If-Match")) {
      request.header("If-Match", version(user, path));
    }
    return exchange(request.method(operation.method(), BodyPublishers.ofString(body)).build());
  }

  /** The ETag of what is changed or acted on; any version when it shows none or is not there. */
  private String version(String user, String path) {
    String parent = path.substring(0, path.lastIndexOf('/'));
    for (String place : List.of(path, parent)) {
      Answer seen = get(user, place);
      if (seen.isSuccess() && !seen.etag().isEmpty()) {
        return seen.etag();
      }
    }
    return "*";
  }

  private HttpRequest.Builder request(String user, String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token(user));
  }

  private String token(String user) {
    Held known = held.get(user);
    if (known == null || System.nanoTime() > known.untilNanos()) {
      known = new Held(tokens.apply(user), System.nanoTime() + TOKEN_USE.toNanos());
      held.put(user, known);
    }
    return known.token();
  }

  private Answer exchange(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      String type = header(answer, "Content-Type").split(";", 2)[0].strip();
      try (InputStream body = answer.body()) {
        String text =
            type.equals(STREAM) ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(answer.statusCode(), type, header(answer, "ETag"), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
