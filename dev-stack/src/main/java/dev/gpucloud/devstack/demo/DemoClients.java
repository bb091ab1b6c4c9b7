package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.ApiClient;
import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.ExitCode;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;

/** The three people of the story, each logged in with their own token. */
final class DemoClients {
  /** Long enough for a killed component to be back on a busy machine. */
  private static final RetryPolicy RIDE_OUT = RetryPolicy.lasting(Duration.ofMinutes(3));

  private final HttpClient http;
  private final DevStackFile stack;
  private final URI gateway;
  private final OidcClient oidc;

  DemoClients(HttpClient http, DevStackFile stack) {
    this.http = http;
    this.stack = stack;
    this.gateway = URI.create(url("gateway"));
    this.oidc = new OidcClient(http, URI.create(url("issuer")), InstantSource.system());
  }

  ApiClient operatorOf(String tenant) {
    String username = tenant + "-operator";
    if (stack.passwordOf(username).isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "The dev stack has no tenant '" + tenant + "' with an operator.",
          "valid tenants: " + String.join(", ", tenants()));
    }
    return client(username);
  }

  ApiClient finance() {
    return client("finance");
  }

  ApiClient approver() {
    return client("approver");
  }

  private ApiClient client(String username) {
    String password =
        stack
            .passwordOf(username)
            .orElseThrow(
                () ->
                    new CliException(
                        ExitCode.UNAVAILABLE,
                        stack.path() + " has no user " + username + ".",
                        "what to do: ./gpucloud up"));
    PasswordTokens tokens =
        new PasswordTokens(oidc, username, password, InstantSource.system(), RIDE_OUT);
    tokens.accessToken();
    return new ApiClient(http, gateway, tokens, RIDE_OUT);
  }

  private Set<String> tenants() {
    Set<String> slugs = new TreeSet<>();
    stack
        .content()
        .path("users")
        .forEach(
            user -> {
              String name = user.path("username").asText();
              if (name.endsWith("-operator")) {
                slugs.add(name.substring(0, name.length() - "-operator".length()));
              }
            });
    return slugs;
  }

  private String url(String name) {
    return stack
        .url(name)
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.UNAVAILABLE,
                    stack.path() + " does not say where the " + name + " is.",
                    "what to do: ./gpucloud up"));
  }
}
