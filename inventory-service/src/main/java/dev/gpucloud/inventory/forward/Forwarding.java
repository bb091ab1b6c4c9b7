package dev.gpucloud.inventory.forward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends a request to the replica that owns the pools it is for, on that replica's ordinary routes
 * with the caller's own token: the owner checks it as if it had come directly. At most one hop,
 * bounded in time.
 */
@ApplicationScoped
public class Forwarding {
  private static final List<String> KEPT =
      List.of("Location", "Content-Location", "ETag", StoredAnswer.REPLAYED, "Retry-After");
  private static final byte[] NO_HASH = new byte[0];

  private final HttpClient http;
  private final ForwardConfig config;
  private final ObjectMapper json;
  private final MeterRegistry meters;

  Forwarding(Vertx vertx, ForwardConfig config, ObjectMapper json, MeterRegistry meters) {
    this.config = config;
    this.json = json;
    this.meters = meters;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setMaxPoolSize(config.connections())
                .setMaxWaitQueueSize(config.waiting())
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setKeepAliveTimeout(30));
  }

  void stop(@Observes ShutdownEvent event) {
    http.close();
  }

  /** Sends it on to the owner of these pools; never fails. */
  public Uni<Forwarded> send(OriginalRequest request, Owner owner, Collection<String> pools) {
    return Uni.createFrom()
        .completionStage(() -> connect(request, owner, pools).toCompletionStage())
        .chain(
            upstream ->
                Uni.createFrom()
                    .completionStage(() -> exchange(upstream, request).toCompletionStage())
                    .onFailure()
                    .recoverWithItem(f -> new Forwarded.Silent(f.toString())))
        .onFailure()
        .recoverWithItem(f -> new Forwarded.Gone(f.toString()))
        .ifNoItem()
        .after(config.timeout())
        .recoverWithItem(() -> new Forwarded.Silent("no answer within " + config.timeout()))
        .invoke(this::count);
  }

  private Future<HttpClientRequest> connect(
      OriginalRequest request, Owner owner, Collection<String> pools) {
    URI address = URI.create(owner.address());
    return http.request(
            new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setHost(address.getHost())
                .setPort(address.getPort())
                .setURI(request.uri())
                .setConnectTimeout(config.connectTimeout().toMillis())
                .setIdleTimeout(config.timeout().toMillis()))
        .onSuccess(
            upstream -> {
              request.headers().forEach(upstream::putHeader);
              upstream.putHeader(OriginalRequest.OWNER, owner.holder());
              upstream.putHeader(OriginalRequest.POOLS, String.join(",", pools));
            });
  }

  private Future<Forwarded> exchange(HttpClientRequest upstream, OriginalRequest request) {
    return upstream
        .send(Buffer.buffer(request.body()))
        .compose(answer -> answer.body().map(body -> read(answer, body)));
  }

  private Forwarded read(HttpClientResponse answer, Buffer body) {
    if (answer.statusCode() == ProblemType.UPSTREAM_UNAVAILABLE.status()) {
      return new Forwarded.Gone("the owner answered " + answer.statusCode());
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : KEPT) {
      String value = answer.getHeader(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    String text = body.length() == 0 ? null : body.toString(StandardCharsets.UTF_8);
    StoredAnswer whole = new StoredAnswer(NO_HASH, answer.statusCode(), headers, text);
    boolean full =
        answer.statusCode() == ProblemType.INSUFFICIENT_CAPACITY.status()
            && text != null
            && ProblemType.INSUFFICIENT_CAPACITY.name().equals(code(text));
    return full ? new Forwarded.Refused(whole) : new Forwarded.Answered(whole);
  }

  private String code(String problem) {
    try {
      JsonNode code = json.readTree(problem).path("code");
      return code.asText();
    } catch (IOException e) {
      return "";
    }
  }

  private void count(Forwarded outcome) {
    meters
        .counter("gpucloud.placement.forwarded", "outcome", outcome.getClass().getSimpleName())
        .increment();
  }
}
