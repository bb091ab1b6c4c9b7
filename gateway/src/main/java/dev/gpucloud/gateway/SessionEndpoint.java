package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.sessions.Session;
import dev.gpucloud.gateway.sessions.SessionCookies;
import dev.gpucloud.gateway.sessions.Sessions;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/** {@code GET /auth/session} tells a page who is logged in, {@code POST /auth/logout} ends that. */
@Singleton
class SessionEndpoint {
  static final String SESSION = "/auth/session";
  static final String LOGOUT = "/auth/logout";

  private static final Logger LOG = Logger.getLogger(SessionEndpoint.class);

  private final SessionCookies cookies;
  private final Sessions sessions;
  private final BrowserSessions browsers;
  private final Problems problems;

  SessionEndpoint(
      SessionCookies cookies, Sessions sessions, BrowserSessions browsers, Problems problems) {
    this.cookies = cookies;
    this.sessions = sessions;
    this.browsers = browsers;
    this.problems = problems;
  }

  /** Tells about a session that was let in. */
  JsonObject describe(Session session) {
    JsonObject who =
        new JsonObject().put("subject", session.subject()).put("username", session.username());
    if (session.name() != null) {
      who.put("name", session.name());
    }
    return who.put("csrfToken", session.csrfToken())
        .put("idleEndsAt", sessions.endOf(session).toString())
        .put("endsAt", sessions.longestEnd(session).toString());
  }

  /** Ends the session that the browser sent; one that cannot be read has nothing to end. */
  void end(Exchange exchange) {
    Optional<Session> session = cookies.read(exchange.request());
    if (session.isEmpty()) {
      done(exchange);
      return;
    }
    browsers.requireProof(exchange.request(), session.get());
    exchange.authenticated(session.get().subject());
    sessions
        .end(session.get())
        .subscribe()
        .with(
            ended -> exchange.onLoop(() -> done(exchange)),
            failure -> exchange.onLoop(() -> halfDone(exchange, failure)));
  }

  private void done(Exchange exchange) {
    exchange.request().resume();
    cookies.drop(exchange.response());
    HeaderRules.secure(exchange.response().headers());
    exchange.response().setStatusCode(204).end();
  }

  private void halfDone(Exchange exchange, Throwable failure) {
    cookies.drop(exchange.response());
    if (!(failure instanceof ProblemException)) {
      LOG.errorf(failure, "Logout %s failed", exchange.requestId());
    }
    problems.answer(
        exchange,
        ProblemType.UPSTREAM_UNAVAILABLE.because(
            "The session has ended here. The identity provider could not be told: until it is,"
                + " this browser is logged in there."));
  }
}
