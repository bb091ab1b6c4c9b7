package dev.gpucloud.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Whether a service is asked at all: one that cannot be reached, or is silent, time and again is
 * left alone for a while, so that callers hear of it at once instead of waiting in a queue. Then
 * one request tries it. What a service answers, whatever its status, is no failure here.
 */
@Singleton
class Breakers {
  private static final Logger LOG = Logger.getLogger(Breakers.class);

  private final Map<Upstream, CircuitBreaker> all = new EnumMap<>(Upstream.class);

  Breakers(Vertx vertx, MeterRegistry meters, GatewayConfig config) {
    for (Upstream upstream : Upstream.values()) {
      all.put(upstream, breaker(vertx, upstream, meters, config.breaker()));
    }
  }

  private static CircuitBreaker breaker(
      Vertx vertx, Upstream upstream, MeterRegistry meters, GatewayConfig.Breaker config) {
    String service = upstream.serviceName();
    var options =
        new CircuitBreakerOptions()
            .setMaxFailures(config.failures())
            .setFailuresRollingWindow(config.window().toMillis())
            .setResetTimeout(config.pause().toMillis())
            .setTimeout(-1) // a request has times of its own
            .setNotificationAddress(null); // nobody listens; it would count every request
    CircuitBreaker breaker =
        CircuitBreaker.create(service, vertx, options)
            .openHandler(opened -> LOG.warnf("%s is left alone for %s", service, config.pause()))
            .closeHandler(closed -> LOG.infof("%s is asked again", service));
    meters.gauge(
        "gpucloud.gateway.breaker.open",
        List.of(Tag.of("service", service)),
        breaker,
        b -> b.state() == CircuitBreakerState.CLOSED ? 0 : 1);
    return breaker;
  }

  CircuitBreaker of(Upstream upstream) {
    return Objects.requireNonNull(all.get(upstream));
  }
}
