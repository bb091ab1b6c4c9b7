package dev.gpucloud.systemtests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** The public API as a program sees it: plain HTTP with a bearer token, nothing of ours between. */
record Http(HttpClient client, String base, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer, its body read as JSON when it is JSON. */
  record Answer(int status, HttpResponse<String> raw) {
    JsonNode json() {
      try {
        return JSON.readTree(raw.body());
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + raw.body(), e);
      }
    }

    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    /** Demands a status, with the body in the message when it is another one. */
    Answer expect(int wanted) {
      if (status != wanted) {
        throw new AssertionError(
            "%s %s answered %d instead of %d: %s"
                .formatted(
                    raw.request().method(), raw.request().uri(), status, wanted, raw.body()));
      }
      return this;
    }
  }

  Http as(String otherToken) {
    return new Http(client, base, otherToken);
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer post(String path, String body) {
    return post(path, body, UUID.randomUUID().toString());
  }

  Answer post(String path, String body, String idempotencyKey) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer postWithoutKey(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** An action on what the caller has seen in this version. */
  Answer act(String path, String ifMatch) {
    return act(path, ifMatch, "{}");
  }

  Answer act(String path, String ifMatch, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .header("If-Match", ifMatch)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer put(String path, String ifMatch, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", ifMatch)
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer delete(String path, String ifMatch) {
    return send(request(path).header("If-Match", ifMatch).DELETE());
  }

  Answer patch(String path, String ifMatch, String body) {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    if (!ifMatch.isEmpty()) {
      request.header("If-Match", ifMatch);
    }
    return send(request.method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path)).timeout(Duration.ofSeconds(60));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
