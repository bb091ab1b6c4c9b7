package dev.gpucloud.kit.http;

import dev.gpucloud.kit.config.KitConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Lets the requests under way end before anything they need is taken down. Quarkus' own graceful
 * shutdown cannot be used: in 3.30.6 it always waits for its whole timeout (quarkusio/quarkus
 * #51915).
 */
@ApplicationScoped
class UnderWay {
  private static final Logger LOG = Logger.getLogger(UnderWay.class);
  private static final int FIRST = 1000;

  private final AtomicInteger count = new AtomicInteger();
  private final Duration patience;

  @Inject
  UnderWay(MeterRegistry meters, KitConfig config) {
    this(config.http().drainTimeout());
    meters.gauge("gpucloud.http.under.way", count);
  }

  UnderWay(Duration patience) {
    this.patience = patience;
  }

  void register(@Observes Filters filters) {
    filters.register(this::count, FIRST);
  }

  private void count(RoutingContext request) {
    begun();
    request.addEndHandler(end -> ended());
    request.next();
  }

  void begun() {
    count.incrementAndGet();
  }

  void ended() {
    count.decrementAndGet();
  }

  void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
    drain();
  }

  /** Waits until nothing is under way, at most as long as the patience lasts. */
  void drain() throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (count.get() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    if (count.get() > 0) {
      LOG.warnf("stopping with %d requests under way", count.get());
    }
  }
}
