package dev.gpucloud.cli;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tokens of one dev-realm user for a program that runs longer than a token lives. */
public final class PasswordTokens implements TokenSource {
  private static final Duration BEFORE_EXPIRY = Duration.ofSeconds(60);
  private final OidcClient oidc;
  private final String username;
  private final String password;
  private final InstantSource clock;
  private OidcClient.@Nullable Tokens current;

  public PasswordTokens(OidcClient oidc, String username, String password, InstantSource clock) {
    this.oidc = oidc;
    this.username = username;
    this.password = password;
    this.clock = clock;
  }

  @Override
  public synchronized String accessToken() {
    if (current == null || !clock.instant().isBefore(current.expiresAt().minus(BEFORE_EXPIRY))) {
      return renewedToken();
    }
    return current.accessToken();
  }

  @Override
  public synchronized String renewedToken() {
    current = oidc.password(username, password);
    return current.accessToken();
  }
}
