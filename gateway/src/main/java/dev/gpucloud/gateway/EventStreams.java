package dev.gpucloud.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.events.EventFeed;
import dev.gpucloud.gateway.events.EventsConfig;
import dev.gpucloud.gateway.events.Listener;
import dev.gpucloud.gateway.events.engine.Filter;
import dev.gpucloud.gateway.events.engine.Scope;
import dev.gpucloud.gateway.limits.Limits;
import dev.gpucloud.gateway.limits.engine.Slots;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/events}: what happens at the tenants and projects where the caller has a role,
 * as Server-Sent Events.
 */
@Singleton
class EventStreams {
  static final String PATH = "/api/v1/events";
  private static final String ACTION = "events.read";
  private static final Logger LOG = Logger.getLogger(EventStreams.class);
  private static final Set<String> PARAMETERS = Set.of("types", "project");
  private static final int BEFORE_THE_DRAIN = 1;

  private final EventFeed feed;
  private final Upstreams upstreams;
  private final Problems problems;
  private final ObjectMapper json;
  private final Vertx vertx;
  private final EventsConfig config;
  private final Slots streams;

  EventStreams(
      EventFeed feed,
      Upstreams upstreams,
      Problems problems,
      ObjectMapper json,
      Vertx vertx,
      EventsConfig config) {
    this.feed = feed;
    this.upstreams = upstreams;
    this.problems = problems;
    this.json = json;
    this.vertx = vertx;
    this.config = config;
    this.streams = new Slots(config.streamsPerCaller());
  }

  void start(@Observes StartupEvent event) {
    vertx.setPeriodic(config.heartbeat().toMillis(), beat -> feed.beat());
  }

  void stop(@Observes @Priority(BEFORE_THE_DRAIN) ShutdownDelayInitiatedEvent event) {
    feed.stop();
  }

  static boolean isAskedFor(HttpServerRequest request) {
    return PATH.equals(request.path());
  }

  static void requireGet(HttpServerRequest request) {
    if (request.method() != HttpMethod.GET) {
      throw ProblemType.METHOD_NOT_ALLOWED
          .because("Events are read with GET.")
          .with("allowed", "GET");
    }
  }

  /** Opens a stream for a caller whose token is good. */
  void open(Exchange exchange, Limits.Sender sender, String token) {
    HttpServerRequest request = exchange.request();
    Filter filter = filter(request);
    CallerClaims claims = CallerClaims.of(token);
    claims.actions().require(ACTION);
    EventOutlet outlet = new EventOutlet(exchange, vertx, config.mostWaitingBytes());
    Listener listener = new Listener(sender.user(), sender.key(), filter, outlet);
    enter(exchange, sender.user(), listener, outlet);
    request.resume();
    upstreams
        .get(Upstream.TENANT, "/api/v1/me", token)
        .map(me -> scope(me, claims))
        .onSuccess(scope -> exchange.later(() -> begin(exchange, listener, outlet, claims, scope)))
        .onFailure(failure -> exchange.later(() -> refuse(exchange, failure)));
  }

  private Scope scope(Buffer me, CallerClaims claims) {
    try {
      return EventFeed.scope(json.readTree(me.getBytes()), claims.key());
    } catch (IOException notJson) {
      throw new UncheckedIOException(notJson);
    }
  }

  private void refuse(Exchange exchange, Throwable failure) {
    if (failure instanceof ProblemException problem) {
      exchange.tokenRefused();
      problems.answer(exchange, problem);
      return;
    }
    LOG.warnf("Who listens cannot be asked: %s", failure.getMessage());
    problems.answer(
        exchange,
        ProblemType.UPSTREAM_UNAVAILABLE.because(
            "It cannot be found out at the moment what you may hear."));
  }

  private void enter(Exchange exchange, String user, Listener listener, EventOutlet outlet) {
    if (!streams.tryEnter(user)) {
      throw ProblemType.TOO_MANY_REQUESTS
          .because("You have %d event streams open.".formatted(config.streamsPerCaller()))
          .with("limit", "user-streams")
          .with("retryAfterSeconds", 5);
    }
    try {
      feed.announce(listener);
    } catch (RuntimeException full) {
      streams.leave(user);
      throw full;
    }
    // last: who has gone meanwhile is over at once, and must leave all that was entered
    exchange.onOver(
        () -> {
          streams.leave(user);
          outlet.gone();
          feed.leave(listener);
        });
  }

  private void begin(
      Exchange exchange, Listener listener, EventOutlet outlet, CallerClaims claims, Scope scope) {
    listener.scoped(scope);
    long timer = vertx.setTimer(life(claims), late -> outlet.close("the token ends; resume"));
    exchange.onOver(() -> vertx.cancelTimer(timer));
    feed.start(
        listener,
        exchange.request().getHeader("Last-Event-ID"),
        outlet::begin,
        problem -> exchange.later(() -> problems.answer(exchange, problem)));
  }

  /** A key's token ends after a minute, the key does not: what revokes it ends the stream. */
  private long life(CallerClaims claims) {
    long longest = config.longestLife().toMillis();
    if (claims.key() != null) {
      return longest;
    }
    long left = Duration.between(Instant.now(), claims.expiry()).toMillis(); // system time
    return Math.max(1, Math.min(left, longest));
  }

  private static Filter filter(HttpServerRequest request) {
    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
    query.forEach(
        (name, values) -> {
          if (!PARAMETERS.contains(name)) {
            throw bad(name, "it is not known here; known are types and project");
          }
          if (values.size() != 1) {
            throw bad(name, "it is given more than once");
          }
        });
    @Nullable String types = first(query, "types");
    @Nullable String project = first(query, "project");
    if (project != null && !project.matches("prj_[0-9a-f-]{36}")) {
      throw bad("project", "it is not the id of a project");
    }
    try {
      return new Filter(types == null ? Set.of() : Filter.types(types), project);
    } catch (IllegalArgumentException wrong) {
      throw bad("types", String.valueOf(wrong.getMessage())).with("known", EventTypes.OF_TENANTS);
    }
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    List<String> values = query.get(name);
    return values == null ? null : values.getFirst();
  }

  private static ProblemException bad(String parameter, String why) {
    String name = parameter.length() <= 40 ? parameter : parameter.substring(0, 40);
    return ProblemType.INVALID_PARAMETER
        .because("The parameter %s cannot be used: %s.".formatted(name, why))
        .with("parameter", name);
  }
}
