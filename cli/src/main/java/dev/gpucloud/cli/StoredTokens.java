package dev.gpucloud.cli;

import java.time.Duration;

/** Tokens of the profile's login, refreshed when they end and written back. */
final class StoredTokens implements TokenSource {
  private static final Duration BEFORE_EXPIRY = Duration.ofSeconds(30);
  private final Connection connection;

  StoredTokens(Connection connection) {
    this.connection = connection;
  }

  @Override
  public String accessToken() {
    TokenStore.Login login = login();
    boolean good =
        connection.context().clock().instant().isBefore(login.expiresAt().minus(BEFORE_EXPIRY));
    return good ? login.accessToken() : renewedToken();
  }

  @Override
  public String renewedToken() {
    TokenStore.Login login = login();
    if (login.refreshToken().isEmpty()) {
      throw ended();
    }
    try {
      TokenStore.Login renewed = login.with(connection.oidc().refresh(login.refreshToken()));
      connection.store().save(connection.profile(), renewed);
      return renewed.accessToken();
    } catch (CliException e) {
      throw e.exitCode() == ExitCode.NOT_LOGGED_IN ? ended() : e;
    }
  }

  private TokenStore.Login login() {
    return connection
        .login()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.NOT_LOGGED_IN,
                    "Nobody is logged in at " + connection.server() + ".",
                    wayIn()));
  }

  private CliException ended() {
    return new CliException(ExitCode.NOT_LOGGED_IN, "The login has ended.", wayIn());
  }

  private String wayIn() {
    String profile = connection.profile();
    return "what to do: gpucloud login"
        + (profile.equals(Connection.DEFAULT_PROFILE) ? "" : " --profile " + profile);
  }
}
