package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A service account's key, as programs use it, through the gateway to every service. */
class CredentialsIT {
  private static final Logger LOG = Logger.getLogger(CredentialsIT.class.getName());
  private static final Duration REVOCATION_LIMIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One path at each service. */
  private static final List<String> PATHS =
      List.of(
          "/tenants/sk-hynix",
          "/projects/sk-hynix.fab-digital-twin/instances",
          "/tenants/sk-hynix/usage");

  @Test
  void openEveryServiceAndNoneWithinSecondsOfTheirRevocation() throws Exception {
    Http owner = Product.as("sk-hynix-owner");
    String account = account(owner);
    JsonNode made = key(owner, account);
    String key = made.path("key").asText();
    String token = clientCredentials(account, key);
    for (String path : PATHS) {
      await(path, key, 200);
      await(path, token, 200);
    }
    assertThat(Product.withToken(token).get("/admin/tenants").status()).isEqualTo(403);
    assertThat(Product.withToken(key).get("/tenants/sk-telecom").status()).isEqualTo(404);

    Instant revoked = Instant.now();
    owner.delete("/tenants/sk-hynix/api-keys/" + made.path("id").asText()).expect(204);
    for (String path : PATHS) {
      await(path, key, 401);
      await(path, token, 401);
    }
    Duration took = Duration.between(revoked, Instant.now());

    LOG.info(() -> "key and token refused by every service after " + took.toMillis() + " ms");
    assertThat(took).isLessThan(REVOCATION_LIMIT);
    assertThat(Product.withToken(key).get(PATHS.getFirst()).json().at("/params/reason").asText())
        .isEqualTo("API_KEY_REVOKED");
  }

  private static String account(Http owner) {
    return owner
        .post(
            "/tenants/sk-hynix/service-accounts",
            "{\"name\":\"ci-%s\",\"description\":\"builds\",\"roles\":[\"OPERATOR\",\"BILLING_VIEWER\"]}"
                .formatted(UUID.randomUUID().toString().substring(0, 8)))
        .expect(201)
        .json()
        .path("id")
        .asText();
  }

  private static JsonNode key(Http owner, String account) {
    return owner
        .post(
            "/tenants/sk-hynix/api-keys",
            """
            {"name": "ci", "serviceAccount": "%s",
             "roles": ["OPERATOR", "VIEWER", "BILLING_VIEWER"]}"""
                .formatted(account))
        .expect(201)
        .json();
  }

  private static String clientCredentials(String account, String key)
      throws IOException, InterruptedException {
    String form =
        "grant_type=client_credentials&client_id=%s&client_secret=%s".formatted(account, key);
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(Product.stack().gatewayUrl() + "/oauth2/token"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    JsonNode token = new ObjectMapper().readTree(answer.body());
    assertThat(token.path("expires_in").asInt()).isBetween(800, 900);
    return token.path("access_token").asText();
  }

  /** A service learns of accounts, roles and revocations a moment later. */
  private static void await(String path, String bearer, int status) {
    Instant deadline = Instant.now().plus(PATIENCE);
    Http.Answer answer = Product.withToken(bearer).get(path);
    while (answer.status() != status && Instant.now().isBefore(deadline)) {
      answer = Product.withToken(bearer).get(path);
    }
    answer.expect(status);
  }
}
