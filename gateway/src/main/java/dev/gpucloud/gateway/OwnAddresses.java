package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.limits.Limits;
import dev.gpucloud.gateway.limits.RouteClass;
import dev.gpucloud.gateway.sessions.PublicAddress;
import dev.gpucloud.gateway.sessions.SessionCookies;
import dev.gpucloud.gateway.sessions.SessionEnded;
import dev.gpucloud.gateway.sessions.Sessions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;

/** What the gateway answers itself to whoever asks, beside what it carries. */
@Singleton
class OwnAddresses {
  private final ResourceMetadata metadata;
  private final OpenApi openApi;
  private final TokenEndpoint tokenEndpoint;
  private final LoginEndpoint login;
  private final SessionEndpoint sessions;
  private final SessionCookies cookies;
  private final BrowserSessions browsers;
  private final PublicAddress address;
  private final Limits limits;
  private final Problems problems;
  private final int trustedProxies;

  OwnAddresses(
      ResourceMetadata metadata,
      OpenApi openApi,
      TokenEndpoint tokenEndpoint,
      LoginEndpoint login,
      SessionEndpoint sessions,
      SessionCookies cookies,
      BrowserSessions browsers,
      PublicAddress address,
      Limits limits,
      Problems problems,
      GatewayConfig config) {
    this.metadata = metadata;
    this.openApi = openApi;
    this.tokenEndpoint = tokenEndpoint;
    this.login = login;
    this.sessions = sessions;
    this.cookies = cookies;
    this.browsers = browsers;
    this.address = address;
    this.limits = limits;
    this.problems = problems;
    this.trustedProxies = config.trustedProxies();
  }

  /** Answers, or says that the address is none of these. */
  boolean answer(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    switch (request.path()) {
      case ResourceMetadata.PATH -> {
        requireRead(exchange);
        send(exchange, metadata.of(request));
      }
      case ProblemsPage.PATH -> {
        requireRead(exchange);
        ProblemsPage.send(exchange);
      }
      case OpenApi.PATH -> {
        requireRead(exchange);
        open(exchange);
        openApi
            .document()
            .onSuccess(document -> exchange.onLoop(() -> document.send(exchange)))
            .onFailure(failure -> exchange.onLoop(() -> problems.refuse(exchange, failure)));
      }
      case TokenEndpoint.PATH -> {
        open(exchange);
        tokenEndpoint.answer(exchange);
      }
      case LoginEndpoint.LOGIN -> {
        browser(exchange, HttpMethod.GET);
        login.begin(exchange);
      }
      case LoginEndpoint.CALLBACK -> {
        browser(exchange, HttpMethod.GET);
        login.comeBack(exchange);
      }
      case SessionEndpoint.LOGOUT -> {
        browser(exchange, HttpMethod.POST);
        sessions.end(exchange);
      }
      case SessionEndpoint.SESSION -> session(exchange);
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  private static void requireRead(Exchange exchange) {
    if (!exchange.isSafe()) {
      throw notOffered(exchange, "GET, HEAD");
    }
  }

  private static ProblemException notOffered(Exchange exchange, String allowed) {
    return ProblemType.METHOD_NOT_ALLOWED
        .because("The method %s is not offered.".formatted(exchange.request().method().name()))
        .with("allowed", allowed);
  }

  /** Lets in whoever it is, unless its address has sent too much. */
  private void open(Exchange exchange) {
    limits.admitAddress(
        SourceAddress.of(exchange.request(), trustedProxies), exchange.response().headers());
  }

  private void browser(Exchange exchange, HttpMethod method) {
    requireBrowsers(exchange, method);
    open(exchange);
  }

  private void requireBrowsers(Exchange exchange, HttpMethod method) {
    if (address.origin().isEmpty()) {
      throw ProblemType.NOT_FOUND.because("Browsers cannot log in at this gateway.");
    }
    if (!exchange.request().method().equals(method)) {
      throw notOffered(exchange, method.name());
    }
  }

  private void session(Exchange exchange) {
    requireBrowsers(exchange, HttpMethod.GET);
    if (!cookies.isSent(exchange.request())) {
      open(exchange);
      throw SessionEnded.NO_SESSION.problem();
    }
    browsers
        .admit(exchange, SourceAddress.of(exchange.request(), trustedProxies))
        .subscribe()
        .with(
            admitted -> exchange.onLoop(() -> describe(exchange, admitted)),
            failure -> exchange.onLoop(() -> problems.refuse(exchange, failure)));
  }

  private void describe(Exchange exchange, Sessions.Admitted admitted) {
    try {
      browsers.proceed(exchange, admitted);
      limits
          .admit(
              new Limits.Sender(admitted.session().subject(), null),
              RouteClass.READ,
              SessionEndpoint.SESSION,
              exchange.response().headers())
          .over();
      send(exchange, sessions.describe(admitted.session()));
    } catch (RuntimeException failure) {
      problems.refuse(exchange, failure);
    }
  }

  private static void send(Exchange exchange, JsonObject body) {
    send(exchange, body.toBuffer());
  }

  private static void send(Exchange exchange, Buffer body) {
    exchange.request().resume();
    HeaderRules.secure(exchange.response().headers());
    exchange.response().putHeader("Content-Type", "application/json").end(body);
  }
}
