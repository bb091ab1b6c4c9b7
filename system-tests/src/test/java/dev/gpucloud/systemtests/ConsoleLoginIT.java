package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Somebody uses the console with a browser: logs in on Keycloak's pages, reads and changes with a
 * cookie, at every replica of the gateway, and logs out.
 */
class ConsoleLoginIT {
  private static final String USER = "hanbit-robotics-owner";
  private static final String COOKIE = "gpucloud-session";
  private static final String OPENID = Product.stack().url("issuer") + "/protocol/openid-connect/";

  private final String gateway = Product.stack().gatewayUrl();
  private final Browser browser = new Browser("en");

  @Test
  void readsAndChangesWithACookieAndNoToken() throws Exception {
    logIn();

    assertThat(browser.address()).hasToString(gateway + "/docs/");
    assertThat(browser.cookies().get(COOKIE)).hasSizeLessThan(2500);
    JsonNode session = json(get(gateway + "/auth/session"));
    assertThat(session.path("username").asText()).isEqualTo(USER);
    JsonNode me = json(get(gateway + "/api/v1/me"));
    assertThat(me.path("username").asText()).isEqualTo(USER);
    assertThat(me.path("memberships")).isNotEmpty();

    HttpResponse<String> refused = addKey("");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(json(refused).path("code").asText()).isEqualTo("CSRF_TOKEN_REQUIRED");
    HttpResponse<String> made = addKey(session.path("csrfToken").asText());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
  }

  @Test
  void anotherReplicaTakesTheSessionUntilItIsLoggedOut() throws Exception {
    logIn();
    String proof = json(get(gateway + "/auth/session")).path("csrfToken").asText();
    try (SecondGateway other = SecondGateway.start()) {
      String before = browser.cookies().get(COOKIE);
      assertThat(get(other.url() + "/api/v1/me").statusCode()).isEqualTo(200);
      assertThat(browser.cookies().get(COOKIE)).as("refreshed").isNotEqualTo(before);
      assertThat(get(gateway + "/api/v1/me").statusCode()).isEqualTo(200);
      String copy = browser.cookies().get(COOKIE);

      HttpResponse<String> out =
          browser.fetch("POST", gateway + "/auth/logout", "", "X-CSRF-Token", proof);

      assertThat(out.statusCode()).as(out.body()).isEqualTo(204);
      assertThat(browser.cookies()).doesNotContainKey(COOKIE);
      assertThat(get(gateway + "/api/v1/me").statusCode()).isEqualTo(401);
      browser.cookies().put(COOKIE, copy);
      assertThat(get(gateway + "/api/v1/me").statusCode()).as("a copy, at once").isEqualTo(401);
      JsonNode ended = awaitRefusal(other.url() + "/api/v1/me");
      assertThat(ended.at("/params/reason").asText()).isEqualTo("SESSION_ENDED");
    }
    browser.cookies().remove(COOKIE);
    browser.open(gateway + "/auth/login");
    assertThat(browser.hasForm()).as("asks who it is again: " + browser.page()).isTrue();
  }

  @Test
  void anAnswerOfKeycloakOpensNothingInAnotherBrowser() throws Exception {
    logIn();
    Browser victim = new Browser("ko");

    victim.open(gateway + "/auth/callback?state=" + "s".repeat(43) + "&code=stolen");

    assertThat(victim.status()).isEqualTo(400);
    assertThat(victim.page()).contains("EXPIRED");
    assertThat(victim.cookies()).isEmpty();
  }

  @Test
  void withoutProofThereIsNoCode() throws Exception {
    browser.open(
        OPENID
            + "auth?client_id=gpucloud-console&response_type=code&scope=openid&state=s&redirect_uri="
            + URLEncoder.encode(gateway + "/auth/callback", StandardCharsets.UTF_8));

    assertThat(browser.address().toString()).startsWith(gateway + "/auth/callback");
    assertThat(browser.address().toString()).contains("error=invalid_request");
  }

  private void logIn() throws Exception {
    browser.open(gateway + "/auth/login?returnTo=/docs/");
    browser.send(Map.of("username", USER));
    browser.send(Map.of("password", Product.stack().password(USER)));
  }

  private HttpResponse<String> get(String address) throws Exception {
    return browser.fetch("GET", address, "");
  }

  private HttpResponse<String> addKey(String proof) throws Exception {
    return browser.fetch(
        "POST",
        gateway + "/api/v1/me/ssh-keys",
        "{\"name\":\"console-%s\",\"publicKey\":\"%s\"}".formatted(UUID.randomUUID(), sshKey()),
        "Content-Type",
        "application/json",
        "Idempotency-Key",
        UUID.randomUUID().toString(),
        "X-CSRF-Token",
        proof);
  }

  private JsonNode awaitRefusal(String address) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (Instant.now().isBefore(deadline)) {
      HttpResponse<String> answer = get(address);
      if (answer.statusCode() == 401) {
        return json(answer);
      }
    }
    throw new AssertionError("the session goes on at the other replica");
  }

  private static String sshKey() throws IOException {
    byte[] point = new byte[32];
    new SecureRandom().nextBytes(point);
    byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    var key = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(key)) {
      out.writeInt(type.length);
      out.write(type);
      out.writeInt(point.length);
      out.write(point);
    }
    return "ssh-ed25519 " + Base64.getEncoder().encodeToString(key.toByteArray());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }
}
