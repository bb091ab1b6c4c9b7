package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.sessions.Login;
import dev.gpucloud.gateway.sessions.Logins;
import dev.gpucloud.gateway.sessions.PublicAddress;
import dev.gpucloud.gateway.sessions.ReturnPath;
import dev.gpucloud.gateway.sessions.Session;
import dev.gpucloud.gateway.sessions.SessionCookies;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /auth/login} sends a browser to the identity provider, {@code GET /auth/callback}
 * takes it back with a session, or with a page that says why there is none.
 */
@Singleton
class LoginEndpoint {
  static final String LOGIN = "/auth/login";
  static final String CALLBACK = PublicAddress.CALLBACK;

  private static final Set<String> PARAMETERS = Set.of("returnTo");

  private final Logins logins;
  private final SessionCookies cookies;
  private final Problems problems;

  LoginEndpoint(Logins logins, SessionCookies cookies, Problems problems) {
    this.logins = logins;
    this.cookies = cookies;
    this.problems = problems;
  }

  void begin(Exchange exchange) {
    Login login = logins.begin(returnPath(exchange.request()));
    cookies.keep(exchange.request(), login);
    redirect(exchange, logins.address(login));
  }

  private static ReturnPath returnPath(HttpServerRequest request) {
    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
    query.forEach(
        (name, values) -> {
          if (!PARAMETERS.contains(name) || values.size() != 1) {
            throw ProblemType.INVALID_PARAMETER
                .because("A parameter is not known here or given twice; known is returnTo.")
                .with("parameter", name.length() <= 40 ? name : name.substring(0, 40));
          }
        });
    List<String> asked = query.get("returnTo");
    return asked == null ? ReturnPath.HOME : ReturnPath.of(asked.getFirst());
  }

  void comeBack(Exchange exchange) {
    Map<String, List<String>> query = new QueryStringDecoder(exchange.request().uri()).parameters();
    @Nullable Login login = cookies.take(exchange.request(), one(query, "state")).orElse(null);
    logins
        .finish(
            login, new Logins.Answer(one(query, "code"), one(query, "error"), one(query, "iss")))
        .subscribe()
        .with(
            session ->
                exchange.onLoop(() -> open(exchange, session, Objects.requireNonNull(login))),
            failure -> exchange.onLoop(() -> refuse(exchange, failure)));
  }

  private static @Nullable String one(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.size() == 1 ? values.getFirst() : null;
  }

  private void open(Exchange exchange, Session session, Login login) {
    try {
      cookies.keep(exchange.response(), session);
      exchange.authenticated(session.subject());
      redirect(exchange, login.returnTo().text());
    } catch (RuntimeException failure) {
      refuse(exchange, failure);
    }
  }

  private void refuse(Exchange exchange, Throwable failure) {
    @Nullable String accepted = exchange.request().getHeader("Accept");
    if (failure instanceof ProblemException problem
        && accepted != null
        && accepted.contains("text/html")) {
      page(exchange, problem);
    } else {
      problems.refuse(exchange, failure);
    }
  }

  private static void page(Exchange exchange, ProblemException problem) {
    ProblemLanguage language =
        ProblemLanguage.asked(exchange.request().getHeader("Accept-Language"));
    exchange.request().resume();
    HeaderRules.secure(exchange.response().headers());
    exchange
        .response()
        .setStatusCode(problem.type().status())
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Language", language.tag())
        .end(LoginPage.of(problem, language, exchange.requestId()));
  }

  private static void redirect(Exchange exchange, String address) {
    exchange.request().resume();
    HeaderRules.secure(exchange.response().headers());
    exchange.response().setStatusCode(303).putHeader("Location", address).end();
  }
}
