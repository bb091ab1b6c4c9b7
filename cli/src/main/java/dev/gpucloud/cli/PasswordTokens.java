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
  private final RetryPolicy retries;
  private OidcClient.@Nullable Tokens current;

  public PasswordTokens(
      OidcClient oidc, String username, String password, InstantSource clock, RetryPolicy retries) {
    this.oidc = oidc;
    this.username = username;
    this.password = password;
    this.clock = clock;
    this.retries = retries;
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
    long deadline = System.nanoTime() + retries.budget().toNanos();
    for (int attempt = 0; ; attempt++) {
      try {
        current = oidc.password(username, password);
        return current.accessToken();
      } catch (CliException e) {
        boolean passing = e.exitCode() == ExitCode.UNAVAILABLE;
        if (!passing || System.nanoTime() > deadline) {
          throw e;
        }
        rest(retries.pause(attempt));
      }
    }
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }
}
