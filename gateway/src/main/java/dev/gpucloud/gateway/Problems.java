package dev.gpucloud.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.limits.RateHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Answers of the gateway's own making: problems of the one registry. */
@Singleton
class Problems {
  private static final Logger LOG = Logger.getLogger(Problems.class);
  private static final Set<String> KEPT =
      Set.of(
          RateHeaders.POLICY.toLowerCase(Locale.ROOT),
          RateHeaders.STATE.toLowerCase(Locale.ROOT),
          "vary");
  private final ObjectMapper json;
  private final Vertx vertx;
  private final Duration retryAfter;

  Problems(ObjectMapper json, Vertx vertx, GatewayConfig config) {
    this.json = json;
    this.vertx = vertx;
    this.retryAfter = config.retryAfter();
  }

  /** Answers with the problem, or cuts the connection if an answer has begun already. */
  void answer(Exchange exchange, ProblemException problem) {
    HttpServerResponse response = exchange.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      exchange.request().connection().close();
      return;
    }
    keepOwn(response.headers());
    response.setStatusCode(problem.type().status());
    response.putHeader(RequestId.HEADER, exchange.requestId());
    response.putHeader("Content-Type", Problem.MEDIA_TYPE);
    if (language(exchange) != ProblemLanguage.ENGLISH) {
      response.putHeader("Content-Language", language(exchange).tag());
    }
    HeaderRules.secure(response.headers());
    if (problem.type() == ProblemType.UPSTREAM_UNAVAILABLE) {
      response.putHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    if (problem.type() == ProblemType.TOO_MANY_REQUESTS) {
      response.putHeader("Retry-After", String.valueOf(problem.params().get("retryAfterSeconds")));
    }
    if (problem.type() == ProblemType.UNAUTHENTICATED) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"gpucloud\"");
    }
    if (problem.type() == ProblemType.METHOD_NOT_ALLOWED) {
      response.putHeader("Allow", String.valueOf(problem.params().get("allowed")));
    }
    boolean unread = exchange.hasBody() && !exchange.request().isEnded();
    if (unread) {
      response.putHeader("Connection", "close");
    }
    if (unread) {
      response
          .end(body(exchange, problem))
          .onComplete(ignored -> exchange.hangUpAfterAnswer(vertx));
    } else {
      response.end(body(exchange, problem));
      exchange.request().resume();
    }
  }

  /** Answers with the problem that the failure is, or says that it is our own. */
  void refuse(Exchange exchange, @Nullable Throwable failure) {
    if (failure instanceof ProblemException problem) {
      answer(exchange, problem);
      return;
    }
    LOG.errorf(failure, "Request %s failed", exchange.requestId());
    answer(exchange, ProblemType.INTERNAL.because("The gateway failed to handle the request."));
  }

  /** Of an answer begun otherwise, only how the limits stand remains, and which pages may read. */
  private static void keepOwn(MultiMap headers) {
    MultiMap own = MultiMap.caseInsensitiveMultiMap();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (KEPT.contains(name) || name.startsWith("access-control-")) {
        own.add(header.getKey(), header.getValue());
      }
    }
    headers.clear().addAll(own);
  }

  private static ProblemLanguage language(Exchange exchange) {
    return ProblemLanguage.asked(exchange.request().getHeader("Accept-Language"));
  }

  private Buffer body(Exchange exchange, ProblemException problem) {
    try {
      @Nullable String path =
          problem.type() == ProblemType.URI_TOO_LONG ? null : exchange.request().path();
      Problem body = Problem.of(problem, path, exchange.requestId()).in(language(exchange));
      return Buffer.buffer(json.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
