package dev.gpucloud.gateway.sessions;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What browsers keep for us. Over TLS the names begin with {@code __Host-}, so that no other host
 * of the domain can set them; the session's goes with requests of our own pages alone, a login's
 * also with the one that comes back from the identity provider.
 */
@Singleton
public class SessionCookies {
  private static final Logger LOG = Logger.getLogger(SessionCookies.class);
  private static final String SESSION = "session";
  private static final String LOGIN = "login";

  /** Logins that one browser may have begun: more are somebody's game, or were given up. */
  private static final int MOST_LOGINS = 4;

  /** What browsers take, with its name and attributes, is 4096. */
  private static final int MOST_BYTES = 3900;

  private static final int SHORT = 8;
  private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{" + Secrets.LENGTH + "}");

  private final Seal seal;
  private final PublicAddress address;
  private final Duration loginTimeout;

  SessionCookies(Seal seal, PublicAddress address, SessionConfig config) {
    this.seal = seal;
    this.address = address;
    this.loginTimeout = config.loginTimeout();
  }

  /** Whether the request has a cookie in the place of a session, readable or not. */
  public boolean isSent(HttpServerRequest request) {
    return address.origin().isPresent() && request.getCookie(name(SESSION)) != null;
  }

  /** The session that the browser sent; empty when it sent none that we can read. */
  public Optional<Session> read(HttpServerRequest request) {
    return isSent(request)
        ? open(SESSION, request.getCookie(name(SESSION)), Session::of)
        : Optional.empty();
  }

  /** Has the browser keep the session; a problem when it is too large for that. */
  public void keep(HttpServerResponse response, Session session) {
    String sealed = seal.close(SESSION, session.toJson());
    if (sealed.length() > MOST_BYTES) {
      LOG.errorf("A session of %d bytes is too large for a cookie", sealed.length());
      throw LoginFailed.REFUSED.problem();
    }
    response.addCookie(cookie(name(SESSION), sealed, CookieSameSite.STRICT));
  }

  /** Has the browser forget the session. */
  public void drop(HttpServerResponse response) {
    drop(response, name(SESSION), CookieSameSite.STRICT);
  }

  /** Has the browser keep a login that begins, and forget those that it gave up. */
  public void keep(HttpServerRequest request, Login login) {
    List<String> begun =
        request.cookies().stream()
            .map(Cookie::getName)
            .filter(name -> name.startsWith(name(LOGIN)))
            .toList();
    if (begun.size() >= MOST_LOGINS) {
      begun.forEach(name -> drop(request.response(), name, CookieSameSite.LAX));
    }
    request
        .response()
        .addCookie(
            cookie(loginName(login.state()), seal.close(LOGIN, login.toJson()), CookieSameSite.LAX)
                .setMaxAge(loginTimeout.toSeconds()));
  }

  /** The login that this browser began with the state; the browser keeps it no longer. */
  public Optional<Login> take(HttpServerRequest request, @Nullable String state) {
    if (state == null || !STATE.matcher(state).matches()) {
      return Optional.empty();
    }
    String name = loginName(state);
    @Nullable Cookie kept = request.getCookie(name);
    if (kept == null) {
      return Optional.empty();
    }
    drop(request.response(), name, CookieSameSite.LAX);
    return open(LOGIN, kept, Login::of).filter(login -> Secrets.same(login.state(), state));
  }

  /** What another version of ours has sealed in another form is as good as not there. */
  private <T> Optional<T> open(String use, Cookie cookie, Function<JsonObject, T> form) {
    try {
      return seal.open(use, cookie.getValue()).map(form);
    } catch (RuntimeException otherForm) {
      return Optional.empty();
    }
  }

  private String loginName(String state) {
    return name(LOGIN) + "-" + state.substring(0, SHORT);
  }

  private String name(String use) {
    return (address.isSecure() ? "__Host-gpucloud-" : "gpucloud-") + use;
  }

  private void drop(HttpServerResponse response, String name, CookieSameSite sameSite) {
    response.addCookie(cookie(name, "", sameSite).setMaxAge(0));
  }

  private Cookie cookie(String name, String value, CookieSameSite sameSite) {
    return Cookie.cookie(name, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(address.isSecure())
        .setSameSite(sameSite);
  }
}
