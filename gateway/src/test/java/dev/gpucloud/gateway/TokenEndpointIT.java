package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Service accounts that log in with client credentials. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class TokenEndpointIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String FORM = "application/x-www-form-urlencoded";

  @TestHTTPResource URI gateway;
  @Inject WrongCredentials wrong;
  PrivateKey providersKey;

  @BeforeEach
  void nobodyIsPutOff() {
    wrong.pardon();
  }

  @Test
  void givesATokenThatOpensTheApi() throws Exception {
    String key = key(UUID.randomUUID());

    HttpResponse<String> answer = ask(form("kim", key));

    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    JsonObject token = new JsonObject(answer.body());
    assertThat(token.getString("token_type")).isEqualTo("Bearer");
    assertThat(token.getInteger("expires_in")).isBetween(1, 60);
    HttpResponse<String> me = get(token.getString("access_token"));
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(me.body()).contains("Bearer " + token.getString("access_token"));
  }

  @Test
  void takesTheKeysIdForTheClientsAndBasicForTheForm() throws Exception {
    UUID id = UUID.randomUUID();
    String pair = new ApiKeyId(id) + ":" + key(id);

    HttpResponse<String> answer =
        send(
            request("grant_type=client_credentials")
                .header(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(pair.getBytes(StandardCharsets.UTF_8))));

    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400, invalid_request",
    "grant_type=client_credentials&grant_type=client_credentials, 400, invalid_request",
    "grant_type=password&username=a&password=b, 400, unsupported_grant_type",
    "grant_type=client_credentials&scope=admin&client_id=kim&client_secret=x, 400, invalid_scope",
    "grant_type=client_credentials, 401, invalid_client",
    "grant_type=client_credentials&client_id=kim, 401, invalid_client",
    "grant_type=client_credentials&client_id=kim&client_secret=gck_wrong, 401, invalid_client",
    "grant_type=client_credentials&client_id=%zz&client_secret=%, 400, invalid_request"
  })
  void refusesInTheWordsOfTheStandard(String body, int status, String error) throws Exception {
    HttpResponse<String> answer = ask(body);

    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(status);
    JsonObject refusal = new JsonObject(answer.body());
    assertThat(refusal.getString("error")).isEqualTo(error);
    assertThat(refusal.getString("error_description")).isNotBlank();
    if (status == 401) {
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
    }
  }

  @Test
  void refusesTheKeyOfAnotherClientARevokedOneAndAForeignForm() throws Exception {
    assertThat(error(ask(form("park", key(UUID.randomUUID())))))
        .contains("belongs to another client");
    assertThat(error(ask(form("kim", key(FakeWorld.REVOKED))))).contains("was revoked");
    HttpResponse<String> json =
        send(
            HttpRequest.newBuilder(gateway.resolve(TokenEndpoint.PATH))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(json.body()).contains("Expected Content-Type");
    HttpResponse<String> packed =
        send(request(form("kim", key(UUID.randomUUID()))).header("Content-Encoding", "gzip"));
    assertThat(packed.statusCode()).isEqualTo(400);
    assertThat(packed.body()).contains("Content-Encoding");
    HttpResponse<String> got =
        send(HttpRequest.newBuilder(gateway.resolve(TokenEndpoint.PATH)).GET());
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(ask("a".repeat(9000)).statusCode()).isEqualTo(413);
  }

  @Test
  void putsOffWhoGuesses() throws Exception {
    HttpResponse<String> answer = ask(form("kim", "gck_wrong"));
    for (int i = 0; i < 200 && answer.statusCode() == 401; i++) {
      answer = ask(form("kim", "gck_wrong"));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("\"limit\":\"wrong-credentials\"");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void believesNoTokenOfOneIssuerThatTheOtherSigned() throws Exception {
    String forged =
        Jwt.issuer("urn:gpucloud:api-keys")
            .subject("kim")
            .audience("gpucloud-api")
            .expiresAt(Instant.now().plusSeconds(60))
            .jws()
            .keyId(FakeWorld.KEY_ID)
            .sign(providersKey);

    assertThat(get(forged).statusCode()).isEqualTo(401);
  }

  private static String form(String id, String key) {
    return "grant_type=client_credentials&client_id=%s&client_secret=%s".formatted(id, key);
  }

  private static String key(UUID id) {
    return ApiKey.of(new ApiKeyId(id), FakeWorld.SECRET).text();
  }

  private static String error(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(401);
    JsonObject refusal = new JsonObject(answer.body());
    assertThat(refusal.getString("error")).isEqualTo("invalid_client");
    return refusal.getString("error_description");
  }

  private HttpResponse<String> ask(String body) throws Exception {
    return send(request(body));
  }

  private HttpRequest.Builder request(String body) {
    return HttpRequest.newBuilder(gateway.resolve(TokenEndpoint.PATH))
        .header("Content-Type", FORM)
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> get(String token) throws Exception {
    return send(
        HttpRequest.newBuilder(gateway.resolve("/api/v1/me"))
            .header("Authorization", "Bearer " + token));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
