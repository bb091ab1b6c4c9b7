package dev.gpucloud.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One line and one timer sample per request. Neither carries a query string, a header or a body:
 * that is where secrets travel. Meters are tagged by route, never by path.
 */
@ApplicationScoped
class AccessLog {
  private static final Logger LOG = Logger.getLogger("gpucloud.access");
  private final MeterRegistry meters;

  AccessLog(MeterRegistry meters) {
    this.meters = meters;
  }

  void completed(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    Route route = exchange.route();
    String upstream = route == null ? "none" : route.upstream().serviceName();
    int status = exchange.response().getStatusCode();
    long nanos = exchange.elapsedNanos();
    meters
        .timer(
            "gpucloud.gateway.requests",
            "route",
            route == null ? "none" : route.pattern(),
            "upstream",
            upstream,
            "method",
            Edge.METHODS.contains(request.method()) ? request.method().name() : "other",
            "status",
            Integer.toString(status))
        .record(nanos, TimeUnit.NANOSECONDS);
    LOG.infof(
        "%s %s %d %d.%03dms out=%d upstream=%s sub=%s request=%s trace=%s",
        request.method().name(),
        request.path(),
        status,
        nanos / 1_000_000,
        nanos / 1_000 % 1_000,
        exchange.response().bytesWritten(),
        upstream,
        exchange.subject() == null ? "-" : exchange.subject(),
        exchange.requestId(),
        exchange.trace().traceId());
  }
}
