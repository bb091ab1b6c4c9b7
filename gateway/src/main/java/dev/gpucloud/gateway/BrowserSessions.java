package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.gateway.limits.WrongCredentials;
import dev.gpucloud.gateway.sessions.PublicAddress;
import dev.gpucloud.gateway.sessions.Session;
import dev.gpucloud.gateway.sessions.SessionCookies;
import dev.gpucloud.gateway.sessions.SessionEnded;
import dev.gpucloud.gateway.sessions.Sessions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Takes callers in whose browser has a session, in place of a token. A cookie goes with a request
 * whoever made it, so a change must also prove that a page of ours did.
 */
@Singleton
class BrowserSessions {
  static final String CSRF_TOKEN = "X-CSRF-Token";

  private final SessionCookies cookies;
  private final Sessions sessions;
  private final PublicAddress address;
  private final WrongCredentials wrong;

  BrowserSessions(
      SessionCookies cookies, Sessions sessions, PublicAddress address, WrongCredentials wrong) {
    this.cookies = cookies;
    this.sessions = sessions;
    this.address = address;
    this.wrong = wrong;
  }

  /** Whether the request has nothing to show but a session; a token or key goes before it. */
  boolean isMeant(HttpServerRequest request) {
    return !request.headers().contains(HeaderNames.AUTHORIZATION) && cookies.isSent(request);
  }

  /** Fails with a problem when the session is none, has ended, or the request is not its own. */
  Uni<Sessions.Admitted> admit(Exchange exchange, String source) {
    Session sent = read(exchange, source);
    if (!exchange.isSafe()) {
      requireProof(exchange.request(), sent);
    }
    return sessions.admit(sent);
  }

  /** The caller is let in: its browser hears what it should keep. */
  void proceed(Exchange exchange, Sessions.Admitted admitted) {
    Session session = admitted.session();
    if (admitted.isNews()) {
      cookies.keep(exchange.response(), session);
    }
    exchange.authenticatedInPlace(
        session.subject(), admitted.token(), () -> sessions.forget(session));
    if (EventStreams.isAskedFor(exchange.request())) {
      exchange.onOver(
          sessions.whenEnded(
              session, () -> exchange.later(() -> exchange.request().connection().close())));
    }
  }

  private Session read(Exchange exchange, String source) {
    return cookies
        .read(exchange.request())
        .orElseThrow(
            () -> {
              wrong.requirePatience(source);
              wrong.failed(source);
              cookies.drop(exchange.response());
              return SessionEnded.SESSION_ENDED.problem();
            });
  }

  /** The token proves it; what the browser says of where a request comes from must not differ. */
  void requireProof(HttpServerRequest request, Session session) {
    @Nullable String origin = request.getHeader("Origin");
    @Nullable String site = request.getHeader("Sec-Fetch-Site");
    boolean isOurs =
        (origin == null || origin.equals(address.origin().orElse(null)))
            && (site == null || site.equals("same-origin"));
    if (!isOurs || !session.isProvenBy(request.getHeader(CSRF_TOKEN))) {
      throw ProblemType.CSRF_TOKEN_REQUIRED
          .because(
              isOurs
                  ? "The header X-CSRF-Token is missing or is not this session's."
                  : "The browser says that the request comes from a page of another origin.")
          .with("header", CSRF_TOKEN);
    }
  }
}
