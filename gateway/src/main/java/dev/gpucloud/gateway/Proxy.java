package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Promise;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Streams one request to its service and the answer back, holding no body: the slower side sets the
 * pace. A service's answer, problems included, passes as it is.
 */
@Singleton
class Proxy {
  private static final Logger LOG = Logger.getLogger(Proxy.class);

  /** An answer that is passed on at once; a larger one streams. */
  private static final long SMALL_BYTES = 16 * 1024;

  private static final int MOST_DIGITS = 18;

  /** In which a service says to which tenant it let the caller in; never passed on. */
  private static final String TENANT = "X-GpuCloud-Tenant";

  private final Problems problems;
  private final Breakers breakers;
  private final GatewayConfig config;
  private final Upstreams upstreams;
  private final InFlight inFlight;

  Proxy(
      Upstreams upstreams,
      Problems problems,
      Breakers breakers,
      InFlight inFlight,
      GatewayConfig config) {
    this.inFlight = inFlight;
    this.upstreams = upstreams;
    this.problems = problems;
    this.breakers = breakers;
    this.config = config;
  }

  static ProblemException tooLarge(long limitBytes) {
    return ProblemType.BODY_TOO_LARGE
        .because("The body is larger than %d bytes.".formatted(limitBytes))
        .with("limitBytes", limitBytes);
  }

  void forward(Exchange exchange, long bodyLimitBytes) {
    Route route = Objects.requireNonNull(exchange.route());
    breakers
        .of(route.upstream())
        .<Void>execute(
            asked ->
                upstreams
                    .request(
                        route.upstream(), exchange.request().method(), exchange.request().uri())
                    .onSuccess(upstream -> send(exchange, upstream, asked, bodyLimitBytes))
                    .onFailure(failure -> unreached(exchange, asked, failure)))
        .onFailure(
            failure -> {
              if (failure instanceof OpenCircuitException) {
                unavailable(exchange, failure);
              }
            });
  }

  /** A full queue is our own doing and no failure of the service. */
  private void unreached(Exchange exchange, Promise<Void> asked, Throwable failure) {
    if (failure instanceof ConnectionPoolTooBusyException) {
      asked.tryComplete();
    } else {
      asked.tryFail(failure);
    }
    unavailable(exchange, failure);
  }

  private void send(
      Exchange exchange, HttpClientRequest upstream, Promise<Void> asked, long bodyLimitBytes) {
    // Failures reach us through the future of the answer; without a handler they are logged as
    // errors.
    upstream.exceptionHandler(ignored -> {});
    HttpServerRequest request = exchange.request();
    HttpServerResponse response = exchange.response();
    if (response.closed()) {
      asked.tryComplete();
      upstream.reset();
      return;
    }
    HeaderRules.copyRequest(request.headers(), upstream.headers());
    if (exchange.tokenInPlace() != null) {
      upstream.putHeader(HeaderNames.AUTHORIZATION, "Bearer " + exchange.tokenInPlace());
    }
    upstream.putHeader(HeaderNames.REQUEST_ID, exchange.requestId());
    upstream.putHeader(HeaderNames.TRACEPARENT, exchange.trace().traceparent());
    upstream.putHeader(
        HeaderNames.FORWARDED_FOR, SourceAddress.of(request, config.trustedProxies()));
    upstream.putHeader(HeaderNames.FORWARDED_PROTO, request.scheme());
    if (request.authority() != null) {
      upstream.putHeader(HeaderNames.FORWARDED_HOST, request.authority().toString());
    }
    Upload upload = new Upload(exchange, upstream, problems, bodyLimitBytes);
    upstream
        .response()
        .onSuccess(
            answer -> {
              asked.tryComplete();
              relay(exchange, upstream, answer);
            })
        .onFailure(failure -> failed(exchange, upload, asked, failure));
    exchange.onAbandoned(() -> abandoned(upstream, upload));
    upload.start();
  }

  private void relay(Exchange exchange, HttpClientRequest upstream, HttpClientResponse answer) {
    HttpServerResponse response = exchange.response();
    if (response.headWritten() || response.closed()) {
      leave(upstream, answer);
      return;
    }
    if (answer.statusCode() == 401) {
      exchange.tokenRefused();
    }
    exchange.answeredFor(answer.getHeader(TENANT));
    response.setStatusCode(answer.statusCode());
    HeaderRules.copyResponse(answer.headers(), response.headers());
    HeaderRules.secure(response.headers());
    response.putHeader(HeaderNames.REQUEST_ID, exchange.requestId());
    if (hasNoBody(exchange, answer)) {
      response.end();
      return;
    }
    if (isSmall(answer)) {
      // one packet in place of two; until it is whole nothing of it has been sent
      answer.body().onSuccess(response::end).onFailure(failure -> cut(exchange, failure));
      return;
    }
    if (!response.headers().contains(HeaderNames.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    answer
        .pipe()
        .endOnFailure(false)
        .to(response)
        .onFailure(
            failure -> {
              leave(upstream, answer);
              cut(exchange, failure);
            });
  }

  /** Half an answer must not look like a whole one: cut instead of ending it. */
  private void cut(Exchange exchange, Throwable failure) {
    LOG.logf(level(), "Request %s cut: %s", exchange.requestId(), failure.getMessage());
    exchange.request().connection().close();
  }

  private Logger.Level level() {
    return inFlight.isOver() ? Logger.Level.DEBUG : Logger.Level.WARN;
  }

  private static boolean isSmall(HttpClientResponse answer) {
    String length = answer.getHeader(HeaderNames.CONTENT_LENGTH);
    return length != null && length.length() < MOST_DIGITS && Long.parseLong(length) <= SMALL_BYTES;
  }

  /**
   * Reads what is left of an answer that nobody wants. A reset closes the connection, and when the
   * answer has just ended that is another request's by now: only one without an end is reset.
   */
  private static void leave(HttpClientRequest upstream, HttpClientResponse answer) {
    if (answer.headers().contains(HeaderNames.CONTENT_LENGTH)) {
      answer.resume();
    } else {
      upstream.reset();
    }
  }

  private static boolean hasNoBody(Exchange exchange, HttpClientResponse answer) {
    return exchange.request().method() == HttpMethod.HEAD
        || answer.statusCode() == 204
        || answer.statusCode() == 304;
  }

  /** The service is at fault unless the client went away or did not send all of its body. */
  private void failed(Exchange exchange, Upload upload, Promise<Void> asked, Throwable failure) {
    boolean isTheServices =
        upload.isComplete() && !upload.isRefused() && !exchange.response().closed();
    if (isTheServices) {
      asked.tryFail(failure);
    } else {
      asked.tryComplete();
    }
    if (upload.isRefused()) {
      return;
    }
    if (!(failure instanceof TimeoutException)) {
      unavailable(exchange, failure);
    } else if (upload.isComplete()) {
      LOG.warnf("Request %s: no answer in time", exchange.requestId());
      problems.answer(
          exchange,
          ProblemType.UPSTREAM_TIMEOUT.because(
              "%s did not answer within %d s."
                  .formatted(serviceName(exchange), config.responseTimeout().toSeconds())));
    } else {
      problems.answer(
          exchange, ProblemType.MALFORMED_BODY.because("The body did not arrive in time."));
    }
  }

  private void unavailable(Exchange exchange, Throwable failure) {
    if (exchange.response().closed()) {
      return; // nobody waits for it any more
    }
    LOG.logf(
        level(),
        "Request %s: %s unavailable: %s",
        exchange.requestId(),
        serviceName(exchange),
        failure.getMessage());
    problems.answer(
        exchange,
        ProblemType.UPSTREAM_UNAVAILABLE
            .because("%s is not available at the moment.".formatted(serviceName(exchange)))
            .with("service", serviceName(exchange)));
  }

  /** The client has gone. What reached its service whole runs to its end; all else stops. */
  private static void abandoned(HttpClientRequest upstream, Upload upload) {
    if (!upload.isComplete()) {
      upstream.reset();
    }
  }

  private static String serviceName(Exchange exchange) {
    return Objects.requireNonNull(exchange.route()).upstream().serviceName();
  }
}
