package dev.gpucloud.devstack.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole product for black-box tests: the shared stack with Keycloak, the services, the site
 * agent and the scenario, started once per build on free ports.
 */
public final class FullStack {
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final Pattern STATE =
      Pattern.compile("\"state\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");

  private final SharedStack shared;
  private final HttpClient http = HttpClient.newHttpClient();

  private FullStack(SharedStack shared) {
    this.shared = shared;
  }

  /** Finds or starts the product; blocks until the scenario is loaded. */
  public static FullStack start() {
    SharedStack shared = SharedStack.attach();
    try {
      awaitReady(shared.address());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the stack started", e);
    }
    return new FullStack(shared);
  }

  /** PostgreSQL and Kafka below it. */
  public SharedStack backing() {
    return shared;
  }

  /** Where the public API is, without a slash at the end. */
  public String gatewayUrl() {
    return url("gateway");
  }

  /**
   * The address of a part: {@code tenant-service}, {@code keycloak}, {@code issuer}, {@code
   * control} ...
   */
  public String url(String name) {
    return shared.address().get(name + ".url");
  }

  /** The token of the supervisor's control API. */
  public String controlToken() {
    return shared.address().get("control.token");
  }

  /**
   * Calls the supervisor's control API and returns the JSON; an answer of 400 or above is an error.
   */
  public String control(String method, String path, String body) {
    try {
      return shared.address().control(method, path, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The password of a user of the scenario. */
  public String password(String username) {
    return shared.address().passwords().of("user:" + username);
  }

  /** The Keycloak id of a user of the scenario. */
  public String subject(String username) {
    return UUID.nameUUIDFromBytes(("gpucloud-user:" + username).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  /** A fresh access token of a user of the scenario. */
  public String token(String username) {
    return grant(
        "grant_type=password&client_id=gpucloud-cli&username="
            + encoded(username)
            + "&password="
            + encoded(password(username)));
  }

  /** A fresh access token of a service's own account. */
  public String serviceToken(String service) {
    return grant(
        "grant_type=client_credentials&client_id="
            + encoded(service)
            + "&client_secret="
            + encoded(shared.address().passwords().of("client:" + service)));
  }

  private String grant(String form) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url("issuer") + "/protocol/openid-connect/token"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Matcher token = TOKEN.matcher(answer);
      if (!token.find()) {
        throw new IllegalStateException("Keycloak gives no token: " + answer);
      }
      return token.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void awaitReady(StackAddress address) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Matcher answer = STATE.matcher(address.control("POST", "/full", ""));
      String state = answer.find() ? answer.group(1).translateEscapes() : "";
      if (state.equals("READY")) {
        return;
      }
      if (state.startsWith("FAILED") || System.nanoTime() > deadline) {
        throw new IOException("The stack does not become ready: " + state);
      }
      Thread.sleep(250);
    }
  }
}
