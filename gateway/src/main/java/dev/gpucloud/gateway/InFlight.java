package dev.gpucloud.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Counts the requests under way and lets them end before the process does. Quarkus' own graceful
 * shutdown cannot be used: in 3.30.6 it always waits for its whole timeout (quarkusio/quarkus
 * #51915). Its shutdown event is too late: the server has closed all connections by then.
 */
@Singleton
class InFlight {
  private static final Logger LOG = Logger.getLogger(InFlight.class);
  private final AtomicInteger count = new AtomicInteger();
  private final Duration patience;
  private volatile boolean draining;
  private volatile boolean over;

  InFlight(MeterRegistry meters, GatewayConfig config) {
    this.patience = config.drainTimeout();
    meters.gauge("gpucloud.gateway.in.flight", count);
  }

  void begun() {
    count.incrementAndGet();
  }

  void ended() {
    count.decrementAndGet();
  }

  /** Whether the process ends: a connection is of no use for another request. */
  boolean isDraining() {
    return draining;
  }

  /** Whether those under way have had their time, so that what breaks off now is no news. */
  boolean isOver() {
    return over;
  }

  void drain(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    draining = true;
    long deadline = System.nanoTime() + patience.toNanos();
    while (count.get() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    if (count.get() > 0) {
      LOG.warnf("Stopping with %d requests under way", count.get());
    }
    over = true;
  }
}
