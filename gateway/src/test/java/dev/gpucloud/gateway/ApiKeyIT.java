package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers with API keys at the edge. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class ApiKeyIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource URI gateway;
  @Inject WrongCredentials wrong;

  @BeforeEach
  void nobodyIsPutOff() {
    wrong.pardon();
  }

  @Test
  void sendsATokenOnInPlaceOfTheKey() throws Exception {
    String key = key(UUID.randomUUID());

    HttpResponse<String> answer = send("/api/v1/me", key);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(authorization(answer)).matches("Bearer exchanged-\\d+");
    assertThat(answer.body()).doesNotContain(key);
    assertThat(answer.headers().map().toString()).doesNotContain("exchanged-").doesNotContain(key);
  }

  @Test
  void exchangesAKeyOnceForManyRequests() throws Exception {
    String key = key(UUID.randomUUID());
    Set<String> tokens = new HashSet<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      Callable<String> request = () -> authorization(send("/api/v1/me", key));
      for (Future<String> token :
          pool.invokeAll(IntStream.range(0, 24).mapToObj(i -> request).toList())) {
        tokens.add(token.get());
      }
    }
    assertThat(tokens).hasSize(1);
  }

  @Test
  void exchangesAgainWhenAServiceRefusedTheToken() throws Exception {
    String key = key(UUID.randomUUID());
    String first = authorization(send("/api/v1/me", key));

    assertThat(send("/api/v1/operations/unauthorized", key).statusCode()).isEqualTo(401);

    assertThat(authorization(send("/api/v1/me", key))).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "1, API_KEY_REVOKED, was revoked",
    "2, API_KEY_EXPIRED, has expired",
    "3, API_KEY_HOLDER_GONE, no member"
  })
  void saysWhyAKeyIsRefused(long which, String reason, String words) throws Exception {
    JsonObject problem = refused(send("/api/v1/me", key(new UUID(7, which))), 401);

    assertThat(problem.getString("code")).isEqualTo("UNAUTHENTICATED");
    assertThat(problem.getJsonObject("params").getString("reason")).isEqualTo(reason);
    assertThat(problem.getString("detail")).contains(words);
  }

  @Test
  void refusesATamperedKeyByItselfAndAGuessedOneWithoutTellingMore() throws Exception {
    String key = key(FakeWorld.REVOKED);
    String tampered =
        key.substring(0, 60) + (key.charAt(60) == '1' ? '2' : '1') + key.substring(61);
    byte[] other = new byte[ApiKey.SECRET_BYTES];
    other[5] = 1;
    String guessed = ApiKey.of(new ApiKeyId(FakeWorld.REVOKED), other).text();

    assertThat(reason(refused(send("/api/v1/me", tampered), 401))).isEqualTo("API_KEY_MALFORMED");
    assertThat(reason(refused(send("/api/v1/me", guessed), 401))).isEqualTo("API_KEY_UNKNOWN");
    assertThat(refused(send("/api/v1/me", guessed), 401).getString("detail"))
        .doesNotContain("revoked");
  }

  @Test
  void putsOffWhoSendsManyWrongKeysButNotAKeyThatIsKnownToBeGood() throws Exception {
    String good = key(UUID.randomUUID());
    assertThat(send("/api/v1/me", good).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = send("/api/v1/me", "gck_wrong");
    for (int i = 0; i < 1000 && answer.statusCode() == 401; i++) {
      answer = send("/api/v1/me", "gck_wrong");
    }
    refused(answer, 429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    refused(send("/api/v1/me", key(UUID.randomUUID())), 429);
    assertThat(send("/api/v1/me", good).statusCode()).isEqualTo(200);
  }

  private static String key(UUID id) {
    return ApiKey.of(new ApiKeyId(id), FakeWorld.SECRET).text();
  }

  private HttpResponse<String> send(String path, String key) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Authorization", "Bearer " + key)
            .build(),
        BodyHandlers.ofString());
  }

  private static String authorization(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("headers").getString("authorization");
  }

  private static JsonObject refused(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(status);
    return new JsonObject(answer.body());
  }

  private static String reason(JsonObject problem) {
    return problem.getJsonObject("params").getString("reason");
  }
}
