package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The OpenID Connect flows of the command line: device login, password (dev realm only), refresh,
 * logout.
 */
public final class OidcClient {
  private static final String CLIENT_ID = "gpucloud-cli";
  private static final Duration ONE_ANSWER = Duration.ofSeconds(20);

  private final HttpClient http;
  private final URI issuer;
  private final InstantSource clock;

  public OidcClient(HttpClient http, URI issuer, InstantSource clock) {
    this.http = http;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** Tokens for a username and password; realms outside development refuse this. */
  public Tokens password(String username, String password) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "password");
    form.put("username", username);
    form.put("password", password);
    form.put("scope", "openid");
    return tokens(form);
  }

  /** New tokens for a refresh token. */
  public Tokens refresh(String refreshToken) {
    return tokens(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
  }

  /** Ends the session behind a refresh token. */
  void logout(String refreshToken) {
    form(endpoint("end_session_endpoint"), Map.of("refresh_token", refreshToken));
  }

  /** Device login: shows the user where to go, then waits until they have been there. */
  Tokens device(Consumer<DevicePrompt> show) {
    Answer begun = form(endpoint("device_authorization_endpoint"), Map.of("scope", "openid"));
    if (begun.status() != 200) {
      throw refused(begun);
    }
    JsonNode body = begun.body();
    show.accept(
        new DevicePrompt(
            body.path("verification_uri").asText(),
            body.path("verification_uri_complete").asText(),
            body.path("user_code").asText()));
    return poll(
        body.path("device_code").asText(),
        Duration.ofSeconds(Math.max(1, body.path("interval").asInt(5))),
        clock.instant().plusSeconds(body.path("expires_in").asInt(600)));
  }

  private Tokens poll(String deviceCode, Duration interval, Instant until) {
    Map<String, String> form =
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "device_code",
            deviceCode);
    Duration pause = interval;
    while (clock.instant().isBefore(until)) {
      sleep(pause);
      Answer answer = form(endpoint("token_endpoint"), form);
      if (answer.status() == 200) {
        return Tokens.of(answer.body(), clock.instant());
      }
      switch (answer.body().path("error").asText()) {
        case "authorization_pending" -> {}
        case "slow_down" -> pause = pause.plusSeconds(5);
        default -> throw refused(answer);
      }
    }
    throw new CliException(
        ExitCode.NOT_LOGGED_IN,
        "Nobody confirmed the login in time.",
        "what to do: gpucloud login");
  }

  private Tokens tokens(Map<String, String> form) {
    Answer answer = form(endpoint("token_endpoint"), form);
    if (answer.status() != 200) {
      throw refused(answer);
    }
    return Tokens.of(answer.body(), clock.instant());
  }

  private static CliException refused(Answer answer) {
    String why = answer.body().path("error_description").asText("");
    return new CliException(
        answer.status() >= 500 ? ExitCode.UNAVAILABLE : ExitCode.NOT_LOGGED_IN,
        "The identity provider refused: "
            + (why.isEmpty() ? "HTTP status " + answer.status() : why)
            + ".");
  }

  private URI endpoint(String name) {
    Answer discovery =
        exchange(
            HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration"))
                .timeout(ONE_ANSWER)
                .build());
    if (discovery.status() != 200 || !discovery.body().path(name).isTextual()) {
      throw new CliException(
          ExitCode.UNAVAILABLE, "The identity provider at " + issuer + " offers no " + name + ".");
    }
    return URI.create(discovery.body().path(name).asText());
  }

  private Answer form(URI endpoint, Map<String, String> fields) {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("client_id", CLIENT_ID);
    String body =
        all.entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .collect(Collectors.joining("&"));
    return exchange(
        HttpRequest.newBuilder(endpoint)
            .timeout(ONE_ANSWER)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private Answer exchange(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), Json.parseOrMissing(answer.body()));
    } catch (IOException e) {
      throw new CliException(
          ExitCode.UNAVAILABLE,
          "The identity provider at " + issuer + " cannot be reached.",
          "what to do: check --issuer or GPUCLOUD_ISSUER; for the dev stack: ./gpucloud status");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  /** Access and refresh token with the instant (system clock) at which the first one ends. */
  public record Tokens(String accessToken, String refreshToken, Instant expiresAt) {
    private static Tokens of(JsonNode body, Instant now) {
      return new Tokens(
          body.path("access_token").asText(),
          body.path("refresh_token").asText(""),
          now.plusSeconds(body.path("expires_in").asLong()));
    }
  }

  /** Where the user confirms a device login. */
  record DevicePrompt(String uri, String completeUri, String code) {}

  private record Answer(int status, JsonNode body) {}

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
