package dev.gpucloud.gateway;

import dev.gpucloud.gateway.limits.Passage;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * One request at the edge, from its arrival to its last byte. Lives on one event loop: whatever
 * comes back from elsewhere returns there through {@link #onLoop}.
 */
final class Exchange {
  private final HttpServerRequest request;
  private final Context loop;
  private final String requestId;
  private final TraceContext trace;
  private final long startNanos = System.nanoTime();
  private @Nullable Route route;
  private @Nullable String subject;
  private @Nullable String tokenInPlace;
  private Runnable refusal = () -> {};
  private Runnable abandonment = () -> {};
  private @Nullable Passage passage;
  private Runnable afterwards = () -> {};
  private boolean over;

  private Exchange(RoutingContext ctx) {
    this.request = ctx.request();
    this.loop = ctx.vertx().getOrCreateContext();
    this.requestId = RequestId.accept(request.getHeader(HeaderNames.REQUEST_ID));
    this.trace = TraceContext.continuing(request.getHeader(HeaderNames.TRACEPARENT));
  }

  /** Takes the request over; its body waits until somebody reads it. */
  static Exchange begin(RoutingContext ctx) {
    Exchange exchange = new Exchange(ctx);
    exchange.request.pause();
    exchange.response().putHeader(HeaderNames.REQUEST_ID, exchange.requestId);
    return exchange;
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  String requestId() {
    return requestId;
  }

  TraceContext trace() {
    return trace;
  }

  @Nullable Route route() {
    return route;
  }

  void routed(Route to) {
    this.route = to;
  }

  @Nullable String subject() {
    return subject;
  }

  void authenticated(String as) {
    this.subject = as;
  }

  /** The caller came with an API key or a session: this token goes on in its place. */
  void authenticatedInPlace(String as, String token, Runnable onRefusal) {
    this.subject = as;
    this.tokenInPlace = token;
    this.refusal = onRefusal;
  }

  @Nullable String tokenInPlace() {
    return tokenInPlace;
  }

  /** A service did not take the token. */
  void tokenRefused() {
    refusal.run();
  }

  /** The limits let the request in; they hear when it is over. */
  void admitted(Passage through) {
    passage = through;
    onOver(through::over);
  }

  /** What to do when the exchange is over, or now if it is; work added earlier runs earlier. */
  void onOver(Runnable work) {
    if (over) {
      work.run();
      return;
    }
    Runnable before = afterwards;
    afterwards =
        () -> {
          before.run();
          work.run();
        };
  }

  /** The service let the caller in to this tenant; null when it did not say. */
  void answeredFor(@Nullable String tenant) {
    if (passage != null) {
      passage.answered(tenant);
    }
  }

  /** What to do if the client goes away before its answer is complete. */
  void onAbandoned(Runnable work) {
    this.abandonment = work;
  }

  /** Ends the exchange, once; false when it was over already. */
  boolean finish(boolean answered) {
    if (over) {
      return false;
    }
    over = true;
    afterwards.run();
    if (!answered) {
      abandonment.run();
    }
    return true;
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  boolean isSafe() {
    return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
  }

  boolean hasBody() {
    MultiMap headers = request.headers();
    String length = headers.get(HeaderNames.CONTENT_LENGTH);
    return headers.contains(HeaderNames.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  long declaredLength() {
    String length = request.getHeader(HeaderNames.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Runs the work on the loop, after all that was given to it before. */
  void later(Runnable work) {
    loop.runOnContext(ignored -> work.run());
  }

  void onLoop(Runnable work) {
    if (Vertx.currentContext() == loop) {
      work.run();
    } else {
      loop.runOnContext(ignored -> work.run());
    }
  }

  /**
   * Throws away what the client still sends, for a moment, so that it can read the answer; then
   * hangs up.
   */
  void hangUpAfterAnswer(Vertx vertx) {
    request.handler(null);
    request.exceptionHandler(ignored -> {});
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    request.endHandler(ignored -> request.connection().close());
    request.resume();
    vertx.setTimer(1_000, ignored -> request.connection().close());
  }
}
