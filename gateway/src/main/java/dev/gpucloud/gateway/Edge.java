package dev.gpucloud.gateway;

import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.limits.Limits;
import dev.gpucloud.gateway.limits.Passage;
import dev.gpucloud.gateway.limits.RouteClass;
import dev.gpucloud.gateway.sessions.Sessions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a request before a byte of it goes further: is the address ours, is its size within
 * bounds, is the caller who they say. What passes goes to {@link Proxy}.
 */
@Singleton
class Edge {
  static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE);

  /**
   * Where the API stands among the router's handlers: before those that the framework has for
   * routes of its own, which the API has none of.
   */
  static final int ORDER = -999;

  private static final Logger LOG = Logger.getLogger(Edge.class);
  private static final String UNREADABLE =
      "The request cannot be read: its path or query has a wrong %-encoding or a character that a"
          + " URI cannot have, or its Host header is no host.";
  private static final String BEARER = "Bearer ";
  private static final int NO_CONTENT = 204;
  private static final int REDIRECTIONS = 3;

  private final TokenVerifier tokens;
  private final ApiKeys keys;
  private final Proxy proxy;
  private final Problems problems;
  private final AccessLog accessLog;
  private final InFlight inFlight;
  private final OwnAddresses own;
  private final BrowserSessions browsers;
  private final EventStreams streams;
  private final Limits limits;
  private final int trustedProxies;
  private final long addressLimitBytes;
  private final long headerLimitBytes;
  private final long bodyLimitBytes;
  private final long importBodyLimitBytes;

  Edge(
      TokenVerifier tokens,
      ApiKeys keys,
      Proxy proxy,
      Problems problems,
      AccessLog accessLog,
      InFlight inFlight,
      OwnAddresses own,
      BrowserSessions browsers,
      EventStreams streams,
      Limits limits,
      GatewayConfig config) {
    this.tokens = tokens;
    this.keys = keys;
    this.proxy = proxy;
    this.problems = problems;
    this.accessLog = accessLog;
    this.inFlight = inFlight;
    this.own = own;
    this.browsers = browsers;
    this.streams = streams;
    this.limits = limits;
    this.trustedProxies = config.trustedProxies();
    this.addressLimitBytes = config.addressLimit().asLongValue();
    this.headerLimitBytes = config.headerLimit().asLongValue();
    this.bodyLimitBytes = config.bodyLimit().asLongValue();
    this.importBodyLimitBytes = config.importBodyLimit().asLongValue();
  }

  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::unreadable);
    // before any route: a path that cannot be decoded
    router.errorHandler(400, ctx -> problems.answer(begin(ctx), unreadable()));
    router.route(RouteTable.PREFIX + "*").order(ORDER).handler(this::enter);
    router.route().last().handler(this::enter);
  }

  /** What the router could not even look at: an address that is no URI, a Host that is no host. */
  private void unreadable(RoutingContext ctx) {
    Exchange exchange = begin(ctx);
    int status = ctx.statusCode(); // 404: a path without a slash, as all others have a route
    if (ctx.request().authority() == null || status == 400 || status == 404) {
      problems.answer(exchange, unreadable());
    } else {
      problems.refuse(exchange, ctx.failure());
    }
  }

  private static ProblemException unreadable() {
    return ProblemType.INVALID_PARAMETER.because(UNREADABLE);
  }

  private void enter(RoutingContext ctx) {
    Exchange exchange = begin(ctx);
    try {
      admit(exchange);
    } catch (RuntimeException unexpected) {
      problems.refuse(exchange, unexpected);
    }
  }

  private Exchange begin(RoutingContext ctx) {
    Exchange exchange = Exchange.begin(ctx);
    inFlight.begun();
    ctx.addHeadersEndHandler(ready -> complete(exchange));
    ctx.addEndHandler(
        end -> {
          if (exchange.finish(end.succeeded())) {
            inFlight.ended();
            accessLog.completed(exchange);
          }
        });
    return exchange;
  }

  /** The last that is said in a head, ours or a service's. */
  private void complete(Exchange exchange) {
    MultiMap headers = exchange.response().headers();
    Compression.choose(exchange.request().headers(), headers);
    if (hasNoBody(exchange)) {
      Compression.chooseNone(headers);
    }
    if (inFlight.isDraining()) {
      headers.set(HeaderNames.CONNECTION, HeaderNames.CLOSE);
    }
  }

  private static boolean hasNoBody(Exchange exchange) {
    int status = exchange.response().getStatusCode();
    return status == NO_CONTENT
        || status / 100 == REDIRECTIONS
        || exchange.request().method() == HttpMethod.HEAD;
  }

  private void admit(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    checkHead(request);
    if (own.answer(exchange)) {
      return;
    }
    long limit = bodyLimit(exchange);
    if (exchange.declaredLength() > limit) {
      throw Proxy.tooLarge(limit);
    }
    if (browsers.isMeant(request)) {
      browsers
          .admit(exchange, source(request))
          .subscribe()
          .with(
              admitted -> exchange.onLoop(() -> proceed(exchange, admitted, limit)),
              failure -> exchange.onLoop(() -> problems.refuse(exchange, failure)));
      return;
    }
    String token = bearer(request);
    if (token == null) {
      throw ProblemType.UNAUTHENTICATED.because(
          "Send an access token or an API key: Authorization: Bearer <token>.");
    }
    if (token.startsWith(ApiKey.PREFIX)) {
      keys.admit(token, source(request))
          .subscribe()
          .with(
              admitted -> exchange.onLoop(() -> proceed(exchange, admitted, limit)),
              failure -> exchange.onLoop(() -> problems.refuse(exchange, failure)));
      return;
    }
    TokenVerifier.Verified known = tokens.remembered(token);
    if (known != null) {
      proceed(exchange, token, known, limit);
      return;
    }
    tokens
        .verify(token, source(request))
        .subscribe()
        .with(
            outcome -> exchange.onLoop(() -> proceed(exchange, token, outcome, limit)),
            failure -> exchange.onLoop(() -> problems.refuse(exchange, failure)));
  }

  /** How long a body may be where the request goes; fails if it goes nowhere. */
  private long bodyLimit(Exchange exchange) {
    if (EventStreams.isAskedFor(exchange.request())) {
      EventStreams.requireGet(exchange.request());
      return 0;
    }
    Route route = route(exchange.request());
    exchange.routed(route);
    return route.isImport() ? importBodyLimitBytes : bodyLimitBytes;
  }

  private void proceed(Exchange exchange, ApiKeys.Admitted admitted, long limit) {
    exchange.authenticatedInPlace(
        admitted.subject() + "/" + admitted.key(),
        admitted.token(),
        () -> keys.forget(admitted.key()));
    pass(
        exchange,
        new Limits.Sender(admitted.subject(), admitted.key().toString()),
        admitted.token(),
        limit);
  }

  private void proceed(Exchange exchange, Sessions.Admitted admitted, long limit) {
    try {
      browsers.proceed(exchange, admitted);
    } catch (RuntimeException failure) {
      problems.refuse(exchange, failure);
      return;
    }
    pass(exchange, new Limits.Sender(admitted.session().subject(), null), admitted.token(), limit);
  }

  private void proceed(Exchange exchange, String token, TokenVerifier.Outcome outcome, long limit) {
    switch (outcome) {
      case TokenVerifier.Verified verified -> {
        exchange.authenticated(verified.subject());
        pass(exchange, new Limits.Sender(verified.subject(), verified.key()), token, limit);
      }
      case TokenVerifier.Rejected() ->
          problems.answer(
              exchange,
              ProblemType.UNAUTHENTICATED.because(
                  "The access token is expired, malformed or not issued for this API."));
      case TokenVerifier.Unavailable(Throwable cause) -> {
        LOG.warnf("Identity provider unavailable: %s", cause.getMessage());
        problems.answer(
            exchange,
            ProblemType.UPSTREAM_UNAVAILABLE.because("The identity provider does not answer."));
      }
    }
  }

  private void pass(Exchange exchange, Limits.Sender sender, String token, long bodyLimit) {
    HttpServerRequest request = exchange.request();
    try {
      RouteClass costs = RouteClass.of(request.method(), request.path());
      Passage passage = limits.admit(sender, costs, request.path(), exchange.response().headers());
      if (EventStreams.isAskedFor(request)) {
        passage.over(); // a stream has a bound of its own
        streams.open(exchange, sender, token);
        return;
      }
      exchange.admitted(passage);
    } catch (ProblemException problem) {
      problems.answer(exchange, problem);
      return;
    }
    proxy.forward(exchange, bodyLimit);
  }

  private String source(HttpServerRequest request) {
    return SourceAddress.of(request, trustedProxies);
  }

  private void checkHead(HttpServerRequest request) {
    if (request.uri().length() > addressLimitBytes) {
      throw ProblemType.URI_TOO_LONG
          .because(
              "The path with its query has %d bytes; %d are allowed."
                  .formatted(request.uri().length(), addressLimitBytes))
          .with("limitBytes", addressLimitBytes);
    }
    if (!RouteTable.isPlain(request.uri()) && !isUri(request.uri())) {
      throw ProblemType.INVALID_PARAMETER.because(UNREADABLE);
    }
    long bytes = HeaderRules.bytes(request.headers());
    if (bytes > headerLimitBytes) {
      throw ProblemType.HEADERS_TOO_LARGE
          .because("The headers have %d bytes; %d are allowed.".formatted(bytes, headerLimitBytes))
          .with("limitBytes", headerLimitBytes);
    }
  }

  private static boolean isUri(String address) {
    try {
      new URI(address);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Route route(HttpServerRequest request) {
    String path = request.path();
    if (path == null || RouteTable.isAmbiguous(path)) {
      throw ProblemType.INVALID_PARAMETER.because(
          "The path is not in its plain form: it has dot segments, empty segments, encoded"
              + " separators or characters outside ASCII.");
    }
    Optional<Route> route = RouteTable.find(path);
    if (route.isEmpty()) {
      throw ProblemType.NOT_FOUND.because("No resource has this path.");
    }
    if (!METHODS.contains(request.method())) {
      throw ProblemType.METHOD_NOT_ALLOWED
          .because("The method %s is not offered.".formatted(request.method().name()))
          .with("allowed", "GET, HEAD, POST, PUT, PATCH, DELETE");
    }
    return route.get();
  }

  private static @Nullable String bearer(HttpServerRequest request) {
    List<String> values = request.headers().getAll(HeaderNames.AUTHORIZATION);
    if (values.size() != 1 || !values.getFirst().regionMatches(true, 0, BEARER, 0, 7)) {
      return null;
    }
    String sent = values.getFirst();
    String token = sent.substring(BEARER.length()).strip();
    if (token.isEmpty()) {
      return null;
    }
    if (sent.length() > BEARER.length() + token.length() || !sent.startsWith(BEARER)) {
      // services see it in its plain form, however many blanks stood before it
      request.headers().set("Authorization", BEARER + token);
    }
    return token;
  }
}
