package dev.gpucloud.gateway;

import dev.gpucloud.gateway.events.Outlet;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One stream of Server-Sent Events. What is sent leaves in its order, on the event loop of the
 * request; a client that does not take it is let go before much has piled up.
 */
final class EventOutlet implements Outlet {
  private static final long LAST_WORDS_MILLIS = 2_000;

  private final Exchange exchange;
  private final Vertx vertx;
  private final int mostWaitingBytes;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  EventOutlet(Exchange exchange, Vertx vertx, int mostWaitingBytes) {
    this.exchange = exchange;
    this.vertx = vertx;
    this.mostWaitingBytes = mostWaitingBytes;
  }

  /** Answers that there is a stream. */
  void begin() {
    exchange.later(
        () -> {
          HttpServerResponse response = exchange.response();
          if (!response.closed() && !response.ended()) {
            head(response);
            response.write("retry: 2000\n\n");
          }
        });
  }

  private static void head(HttpServerResponse response) {
    HeaderRules.secure(response.headers());
    response
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true);
  }

  @Override
  public void event(String id, String type, String text) {
    send("id: " + id + "\nevent: " + type + "\ndata: " + text + "\n\n");
  }

  @Override
  public void position(String id) {
    send(": alive\nid: " + id + "\n\n");
  }

  private void send(String text) {
    if (closed.get()) {
      return;
    }
    Buffer chunk = Buffer.buffer(text);
    // one event always fits, or a stream with a large one could never get past it
    long before = waiting.getAndAdd(chunk.length());
    if (before > 0 && before + chunk.length() > mostWaitingBytes) {
      close("too slow; resume where you are");
      return;
    }
    exchange.later(
        () -> {
          HttpServerResponse response = exchange.response();
          if (!response.closed() && !response.ended()) {
            response.write(chunk).onComplete(taken -> waiting.addAndGet(-chunk.length()));
          }
        });
  }

  @Override
  public long waitingBytes() {
    return waiting.get();
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close(String why) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    exchange.later(
        () -> {
          HttpServerResponse response = exchange.response();
          if (response.closed() || response.ended()) {
            return;
          }
          if (!response.headWritten()) {
            head(response);
          }
          response.end(": " + why + "\n\n");
          vertx.setTimer(
              LAST_WORDS_MILLIS,
              late -> {
                if (waiting.get() > 0) {
                  exchange.request().connection().close();
                }
              });
        });
  }

  /** Nobody is there any more. */
  void gone() {
    closed.set(true);
  }
}
