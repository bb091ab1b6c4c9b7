package dev.gpucloud.gateway;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line and one timer sample per request. Neither carries a query string, a header or a body:
 * that is where secrets travel. Meters are tagged by route, never by path.
 */
@Singleton
class AccessLog {
  private static final Logger LOG = Logger.getLogger("gpucloud.access");

  private final MeterRegistry meters;
  private final AccessLines lines;
  private final boolean json;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  AccessLog(
      MeterRegistry meters,
      AccessLines lines,
      @ConfigProperty(name = "quarkus.log.console.json.enabled", defaultValue = "true")
          boolean json) {
    this.meters = meters;
    this.lines = lines;
    this.json = json;
  }

  /** What a request is timed under: a few hundred, whatever is asked. */
  private record Kind(@Nullable Route route, String method, int status) {
    String upstream() {
      return route == null ? "none" : route.upstream().serviceName();
    }
  }

  /** What a line says of a request. */
  record Line(
      Instant at,
      String method,
      String path,
      int status,
      long nanos,
      long bytes,
      String upstream,
      String subject,
      String requestId,
      String traceId) {

    /** As an object of JSON. */
    String json() {
      StringBuilder line = new StringBuilder(400).append("{\"timestamp\":\"").append(at);
      line.append("\",\"level\":\"INFO\",\"loggerName\":\"gpucloud.access\"");
      text(line, "method", method);
      text(line, "path", path);
      line.append(",\"status\":").append(status);
      line.append(",\"micros\":").append(nanos / 1_000);
      line.append(",\"bytes\":").append(bytes);
      line.append(",\"upstream\":\"").append(upstream).append('"'); // of ours
      text(line, "subject", subject);
      line.append(",\"requestId\":\"").append(requestId).append('"'); // of few characters
      return line.append(",\"traceId\":\"").append(traceId).append("\"}").toString(); // of hex
    }

    private static void text(StringBuilder line, String name, String value) {
      line.append(",\"").append(name).append("\":\"");
      JsonStringEncoder.getInstance().quoteAsString(value, line);
      line.append('"');
    }

    /** For people. */
    @Override
    public String toString() {
      return "%s %s %d %d.%03dms out=%d upstream=%s sub=%s request=%s trace=%s"
          .formatted(
              method,
              path,
              status,
              nanos / 1_000_000,
              nanos / 1_000 % 1_000,
              bytes,
              upstream,
              subject,
              requestId,
              traceId);
    }
  }

  void completed(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    String method = request.method().name();
    Kind kind =
        new Kind(
            exchange.route(),
            Edge.METHODS.contains(request.method()) ? method : "other",
            exchange.response().getStatusCode());
    long nanos = exchange.elapsedNanos();
    timers.computeIfAbsent(kind, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Line line =
        new Line(
            Instant.now(), // system time, as of all logs
            method,
            String.valueOf(request.path()),
            kind.status(),
            nanos,
            exchange.response().bytesWritten(),
            kind.upstream(),
            exchange.subject() == null ? "-" : exchange.subject(),
            exchange.requestId(),
            exchange.trace().traceId());
    if (json) {
      lines.add(line.json());
    } else {
      LOG.info(line);
    }
  }

  private Timer timer(Kind kind) {
    return meters.timer(
        "gpucloud.gateway.requests",
        "route",
        kind.route() == null ? "none" : kind.route().pattern(),
        "upstream",
        kind.upstream(),
        "method",
        kind.method(),
        "status",
        Integer.toString(kind.status()));
  }
}
