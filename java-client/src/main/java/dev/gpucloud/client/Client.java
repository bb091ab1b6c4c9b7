package dev.gpucloud.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Sends calls to a gateway as one caller and reads what it answers; a refusal comes as {@link
 * ApiException}. It repeats nothing by itself: a POST that was not answered may be sent again with
 * the same Idempotency-Key, and takes effect once. Safe for use by many threads.
 */
public final class Client {
  private static final Duration ONE_ANSWER = Duration.ofSeconds(45);
  private final HttpClient http;
  private final URI gateway;
  private final Supplier<String> token;

  /** An answer: its status, its headers (ETag, Location) and what it says. */
  public record Reply<A>(int status, HttpHeaders headers, A body) {
    /** The version to name in {@code If-Match}; empty without one. */
    public String version() {
      return headers.firstValue("ETag").orElse("");
    }
  }

  /** {@code token} is asked before each request: an access token, or an API key. */
  public Client(HttpClient http, URI gateway, Supplier<String> token) {
    this.http = http;
    this.gateway = gateway;
    this.token = token;
  }

  /** Sends what takes no body. */
  public <A> Reply<A> send(Call<Call.Nothing, A> call) throws IOException, InterruptedException {
    return send(call, Map.of());
  }

  /** As {@link #send(Call)} with headers such as If-Match. */
  public <A> Reply<A> send(Call<Call.Nothing, A> call, Map<String, String> headers)
      throws IOException, InterruptedException {
    return exchange(call, request(call, headers, HttpRequest.BodyPublishers.noBody()));
  }

  /** Sends a body. */
  public <B extends Document, A> Reply<A> send(Call<B, A> call, B body)
      throws IOException, InterruptedException {
    return send(call, body, Map.of());
  }

  /** As {@link #send(Call, Document)} with headers such as If-Match. */
  public <B extends Document, A> Reply<A> send(Call<B, A> call, B body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(call, headers, HttpRequest.BodyPublishers.ofString(body.toString()));
    return exchange(call, request.header("Content-Type", "application/json"));
  }

  private HttpRequest.Builder request(
      Call<?, ?> call, Map<String, String> headers, HttpRequest.BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(call.target()))
            .timeout(ONE_ANSWER)
            .header("Authorization", "Bearer " + token.get())
            .method(call.method(), body);
    if (call.method().equals("POST") && !headers.containsKey("Idempotency-Key")) {
      request.header("Idempotency-Key", UUID.randomUUID().toString());
    }
    headers.forEach(request::header);
    return request;
  }

  private <A> Reply<A> exchange(Call<?, A> call, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() >= 400) {
      throw new ApiException(answer.statusCode(), problem(answer.body()));
    }
    return new Reply<>(answer.statusCode(), answer.headers(), call.read(answer.body()));
  }

  private static JsonNode problem(byte[] body) throws IOException {
    try {
      JsonNode problem = Answer.Json.MAPPER.readTree(body);
      return problem == null ? MissingNode.getInstance() : problem;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
