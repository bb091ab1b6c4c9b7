package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The connections to the services, and what the gateway asks them itself. They end with Vert.x, and
 * so after the last request that may need one.
 */
@Singleton
class Upstreams {
  private final GatewayConfig config;
  private final Map<Upstream, URI> addresses = new EnumMap<>(Upstream.class);
  private final Map<Upstream, HttpClient> clients = new EnumMap<>(Upstream.class);

  Upstreams(Vertx vertx, GatewayConfig config) {
    this.config = config;
    addresses.put(Upstream.TENANT, config.tenantUrl());
    addresses.put(Upstream.INVENTORY, config.inventoryUrl());
    addresses.put(Upstream.BILLING, config.billingUrl());
    addresses.forEach((upstream, uri) -> clients.put(upstream, vertx.createHttpClient(options())));
  }

  /** Begins a request to a service; fails when no connection to it is to be had. */
  Future<HttpClientRequest> request(Upstream upstream, HttpMethod method, String uri) {
    return Objects.requireNonNull(clients.get(upstream)).request(to(upstream, method, uri));
  }

  /** A read of the gateway's own at a service; any status but 200 is a failure. */
  Future<HttpClientResponse> get(Upstream upstream, String uri) {
    return request(upstream, HttpMethod.GET, uri)
        .compose(HttpClientRequest::send)
        .compose(
            answer ->
                answer.statusCode() == 200
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture("status " + answer.statusCode()));
  }

  /** A read in the name of a caller; any status but 200 is a failure, 401 is UNAUTHENTICATED. */
  Future<Buffer> get(Upstream upstream, String uri, String token) {
    return request(upstream, HttpMethod.GET, uri)
        .compose(request -> request.putHeader("Authorization", "Bearer " + token).send())
        .compose(
            answer ->
                switch (answer.statusCode()) {
                  case 200 -> answer.body();
                  case 401 ->
                      Future.failedFuture(
                          ProblemType.UNAUTHENTICATED.because(
                              "The access token or API key is not valid any more."));
                  default -> Future.failedFuture("status " + answer.statusCode());
                });
  }

  /** A question of the gateway's own to a service; any status but 200 is a failure. */
  Future<Buffer> post(Upstream upstream, String uri, String token, Buffer body) {
    return request(upstream, HttpMethod.POST, uri)
        .compose(
            request ->
                request
                    .putHeader("Authorization", "Bearer " + token)
                    .putHeader("Content-Type", "application/json")
                    .send(body))
        .compose(
            answer ->
                answer.statusCode() == 200
                    ? answer.body()
                    : Future.failedFuture("status " + answer.statusCode()));
  }

  private RequestOptions to(Upstream upstream, HttpMethod method, String uri) {
    URI address = Objects.requireNonNull(addresses.get(upstream));
    boolean tls = "https".equals(address.getScheme());
    return new RequestOptions()
        .setMethod(method)
        .setHost(address.getHost())
        .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
        .setSsl(tls)
        .setURI(uri)
        .setConnectTimeout(config.connectTimeout().toMillis())
        .setIdleTimeout(config.responseTimeout().toMillis());
  }

  private HttpClientOptions options() {
    return new HttpClientOptions()
        .setMaxPoolSize(config.connectionsPerUpstream())
        .setMaxWaitQueueSize(config.waitingPerUpstream())
        .setConnectTimeout((int) config.connectTimeout().toMillis())
        .setKeepAliveTimeout(30)
        .setMaxHeaderSize(32 * 1024);
  }
}
