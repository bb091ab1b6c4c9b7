package dev.gpucloud.gateway.sessions;

import dev.gpucloud.contracts.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logins of browsers, from leaving for the identity provider to coming back from it. */
@Singleton
public class Logins {
  private static final Logger LOG = Logger.getLogger(Logins.class);

  private final IdentityProvider provider;
  private final Sessions sessions;
  private final SessionConfig config;
  private final MeterRegistry meters;

  Logins(IdentityProvider provider, Sessions sessions, SessionConfig config, MeterRegistry meters) {
    this.provider = provider;
    this.sessions = sessions;
    this.config = config;
    this.meters = meters;
  }

  /** With which a browser comes back from the identity provider. */
  public record Answer(@Nullable String code, @Nullable String error, @Nullable String issuer) {}

  /** Begins a login that ends at this path. */
  public Login begin(ReturnPath returnTo) {
    return Login.begin(returnTo, Instant.now(), config.loginTimeout());
  }

  /** Where the browser goes to log in. */
  public String address(Login login) {
    return provider.address(login);
  }

  /** Opens the session, or fails with a problem; a login that is not known here is null. */
  public Uni<Session> finish(@Nullable Login login, Answer answer) {
    if (login == null || login.isOver(Instant.now())) {
      return failed(LoginFailed.EXPIRED);
    }
    if (answer.issuer() != null && !provider.isIssuer(answer.issuer())) {
      return failed(LoginFailed.REFUSED);
    }
    if (answer.error() != null || answer.code() == null || answer.code().isEmpty()) {
      return failed(reason(answer.error()));
    }
    return provider
        .redeem(answer.code(), login)
        .map(sessions::open)
        .invoke(opened -> count("opened"))
        .onFailure(ProblemException.class)
        .invoke(away -> count("unavailable"))
        .onFailure(IdentityProvider.Refused.class)
        .recoverWithUni(
            refused -> {
              LOG.infof("Login refused: %s", refused.getMessage());
              return failed(LoginFailed.REFUSED);
            });
  }

  /** What Keycloak says when its page was open for too long is temporarily_unavailable. */
  private static LoginFailed reason(@Nullable String error) {
    return switch (error) {
      case "access_denied" -> LoginFailed.CANCELLED;
      case "temporarily_unavailable" -> LoginFailed.EXPIRED;
      case null, default -> LoginFailed.REFUSED;
    };
  }

  private Uni<Session> failed(LoginFailed why) {
    count(why.name().toLowerCase(Locale.ROOT));
    return Uni.createFrom().failure(why.problem());
  }

  private void count(String outcome) {
    meters.counter("gpucloud.gateway.logins", "outcome", outcome).increment();
  }
}
