package dev.gpucloud.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;

/** Passes the client's body on, counting it: the limit also holds where no length was declared. */
final class Upload {
  private final Exchange exchange;
  private final HttpClientRequest upstream;
  private final Problems problems;
  private final long limitBytes;
  private long bytes;
  private boolean complete;
  private boolean refused;

  Upload(Exchange exchange, HttpClientRequest upstream, Problems problems, long limitBytes) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.problems = problems;
    this.limitBytes = limitBytes;
  }

  boolean isComplete() {
    return complete;
  }

  boolean isRefused() {
    return refused;
  }

  void start() {
    HttpServerRequest request = exchange.request();
    if (!exchange.hasBody()) {
      complete = true;
      request.resume();
      upstream.end();
      return;
    }
    if (request.headers().contains("expect", "100-continue", true)) {
      exchange.response().writeContinue();
    }
    if (exchange.declaredLength() < 0) {
      upstream.setChunked(true);
    }
    request.exceptionHandler(ignored -> upstream.reset());
    request.endHandler(
        ignored -> {
          complete = true;
          upstream.end();
        });
    request.handler(this::pass);
    request.resume();
  }

  private void pass(Buffer chunk) {
    HttpServerRequest request = exchange.request();
    bytes += chunk.length();
    if (refused) {
      return;
    }
    if (bytes > limitBytes) {
      refused = true;
      request.endHandler(null);
      upstream.reset();
      problems.answer(exchange, Proxy.tooLarge(limitBytes));
      return;
    }
    upstream.write(chunk);
    if (upstream.writeQueueFull()) {
      request.pause();
      upstream.drainHandler(ignored -> request.resume());
    }
  }
}
