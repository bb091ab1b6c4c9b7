package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import dev.gpucloud.gateway.fixture.Issuer;
import dev.gpucloud.gateway.limits.Limits;
import dev.gpucloud.gateway.limits.WrongCredentials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits between real sockets, small enough to be reached. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
@TestProfile(LimitsIT.Tight.class)
class LimitsIT {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A window so long that nothing comes back while a test runs. */
  public static final class Tight implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      String limits = "gpucloud.gateway.limits.";
      return Map.of(
          limits + "window",
          "PT1H",
          limits + "reads-per-user",
          "20",
          limits + "reads-per-tenant",
          "30",
          limits + "writes-per-user",
          "3",
          limits + "wrong-credentials-per-address",
          "5",
          limits + "open-per-address",
          "4",
          limits + "concurrent-per-caller",
          "3",
          limits + "concurrent-per-tenant",
          "4",
          "gpucloud.gateway.response-timeout",
          "PT30S");
    }
  }

  @TestHTTPResource URI gateway;
  @Inject Limits limits;
  @Inject WrongCredentials wrong;
  PrivateKey key;
  @Issuer String issuer;

  @BeforeEach
  void nobodyHasSentAnything() {
    limits.forget();
    wrong.pardon();
  }

  @AfterEach
  void nothingIsHeld() {
    FakeWorld.letGo();
  }

  @Test
  void everyAnswerTellsHowItsLimitsStand() throws Exception {
    HttpResponse<String> first = get("/api/v1/tenants/acme", "kim");
    HttpResponse<String> second = get("/api/v1/tenants/acme", "kim");

    assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"user-read\";q=20;w=3600");
    assertThat(header(first, "RateLimit")).isEqualTo("\"user-read\";r=19;t=180");
    assertThat(header(second, "RateLimit-Policy"))
        .isEqualTo("\"user-read\";q=20;w=3600, \"tenant-read\";q=30;w=3600");
    assertThat(header(second, "RateLimit"))
        .matches("\"user-read\";r=18;t=3[56]\\d, \"tenant-read\";r=29;t=1[12]\\d");
    assertThat(second.headers().map()).doesNotContainKey("x-gpucloud-tenant");
  }

  @Test
  void aTenantsStormIsPutOffAndOthersPass() throws Exception {
    List<HttpResponse<String>> storm = new ArrayList<>();
    for (String user : List.of("a1", "a2", "a3")) {
      for (int i = 0; i < 15; i++) {
        storm.add(get("/api/v1/tenants/acme", user));
      }
    }

    // the first request of each teaches which tenant it is; 30 more are the tenant's
    assertThat(storm).filteredOn(a -> a.statusCode() == 200).hasSize(33);
    HttpResponse<String> late = storm.getLast();
    JsonObject problem = problem(late, 429, "TOO_MANY_REQUESTS");
    assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("tenant-read");
    assertThat(Integer.parseInt(header(late, "Retry-After"))).isBetween(1, 120);
    assertThat(header(late, "RateLimit")).containsPattern("\"tenant-read\";r=0;t=3[56]\\d\\d");
    assertThat(get("/api/v1/tenants/other", "b1").statusCode()).isEqualTo(200);
    assertThat(get("/api/v1/tenants/other", "b1").statusCode()).isEqualTo(200);
  }

  @Test
  void aStrangerUsesUpNothingOfATenant() throws Exception {
    get("/api/v1/tenants/acme", "kim");
    for (int i = 0; i < 20; i++) {
      get("/api/v1/projects/acme.train/instances", "mallory");
    }

    JsonObject problem =
        problem(get("/api/v1/projects/acme.train/instances", "mallory"), 429, "TOO_MANY_REQUESTS");
    assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("user-read");
    assertThat(header(get("/api/v1/tenants/acme", "kim"), "RateLimit"))
        .contains("\"tenant-read\";r=29");
  }

  @Test
  void changesAreCountedApartFromReads() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(post("/api/v1/tenants/acme/projects", "kim").statusCode()).isEqualTo(200);
    }

    problem(post("/api/v1/tenants/acme/projects", "kim"), 429, "TOO_MANY_REQUESTS");
    assertThat(get("/api/v1/tenants/acme", "kim").statusCode()).isEqualTo(200);
  }

  @Test
  void whatATenantHasUnderWayIsBoundedAndOthersPass() throws Exception {
    for (String user : List.of("a1", "a2", "a3")) {
      get("/api/v1/tenants/acme", user);
    }
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (String user : List.of("a1", "a1", "a2", "a2")) {
      held.add(
          CLIENT.sendAsync(
              request("/api/v1/tenants/acme/held", user).build(), BodyHandlers.ofString()));
    }
    awaitHeld(4);

    HttpResponse<String> fifth = get("/api/v1/tenants/acme", "a3");
    JsonObject problem = problem(fifth, 429, "TOO_MANY_REQUESTS");
    assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("tenant-concurrent");
    assertThat(header(fifth, "Retry-After")).isEqualTo("1");
    assertThat(get("/api/v1/tenants/other", "b1").statusCode()).isEqualTo(200);

    FakeWorld.letGo();
    for (CompletableFuture<HttpResponse<String>> answer : held) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
    }
    assertThat(eventually(() -> get("/api/v1/tenants/acme", "a3"))).isEqualTo(200);
  }

  @Test
  void whatACallerHasUnderWayIsBounded() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(
          CLIENT.sendAsync(
              request("/api/v1/tenants/acme/held", "kim").build(), BodyHandlers.ofString()));
    }
    awaitHeld(3);

    for (int i = 0; i < 5; i++) {
      HttpResponse<String> beyond = get("/api/v1/me", "kim");
      JsonObject problem = problem(beyond, 429, "TOO_MANY_REQUESTS");
      assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("caller-concurrent");
      assertThat(header(beyond, "RateLimit")).startsWith("\"user-read\";r=17;");
    }
    assertThat(get("/api/v1/me", "lee").statusCode()).isEqualTo(200);

    held.getFirst().cancel(true);
    assertThat(eventually(() -> get("/api/v1/me", "kim"))).isEqualTo(200);
  }

  @Test
  void wrongTokensPutTheirAddressOffButNoGoodToken() throws Exception {
    String good = token("kim");
    assertThat(send(bearer("/api/v1/me", good)).statusCode()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      problem(send(bearer("/api/v1/me", "wrong-" + i)), 401, "UNAUTHENTICATED");
    }

    HttpResponse<String> answer = send(bearer("/api/v1/me", "wrong-6"));
    JsonObject problem = problem(answer, 429, "TOO_MANY_REQUESTS");
    assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("wrong-credentials");
    assertThat(Integer.parseInt(header(answer, "Retry-After"))).isBetween(1, 720);
    assertThat(send(bearer("/api/v1/me", good)).statusCode()).isEqualTo(200);
    assertThat(send(bearer("/api/v1/me", token("neighbour"))).statusCode()).isEqualTo(200);
  }

  @Test
  void requestsWithoutACallerAreCountedByAddress() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(askForToken().statusCode()).isEqualTo(400);
    }

    HttpResponse<String> answer = askForToken();
    JsonObject problem = problem(answer, 429, "TOO_MANY_REQUESTS");
    assertThat(problem.getJsonObject("params").getString("limit")).isEqualTo("address");
    assertThat(header(answer, "RateLimit")).matches("\"address\";r=0;t=3[56]\\d\\d");
  }

  private HttpResponse<String> askForToken() throws Exception {
    return send(
        HttpRequest.newBuilder(gateway.resolve("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=password")));
  }

  private interface Request {
    HttpResponse<String> send() throws Exception;
  }

  /** Slots come back when the gateway has seen the end of an answer, a moment after the client. */
  private static int eventually(Request request) throws Exception {
    int status = request.send().statusCode();
    for (int i = 0; i < 10 && status == 429; i++) {
      Thread.sleep(100);
      status = request.send().statusCode();
    }
    return status;
  }

  private static void awaitHeld(int count) throws InterruptedException {
    for (int i = 0; i < 500 && FakeWorld.HELD.size() < count; i++) {
      Thread.sleep(20);
    }
    assertThat(FakeWorld.HELD).hasSize(count);
  }

  private HttpResponse<String> get(String path, String user) throws Exception {
    return send(request(path, user));
  }

  private HttpResponse<String> post(String path, String user) throws Exception {
    return send(request(path, user).POST(BodyPublishers.ofString("{}")));
  }

  private HttpRequest.Builder request(String path, String user) {
    return bearer(path, token(user));
  }

  private HttpRequest.Builder bearer(String path, String token) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(Duration.ofSeconds(40))
        .header("Authorization", "Bearer " + token);
  }

  private String token(String user) {
    return Jwt.issuer(issuer)
        .subject(user)
        .audience("gpucloud-api")
        .issuedAt(Instant.now())
        .expiresAt(Instant.now().plusSeconds(3600))
        .jws()
        .keyId(FakeWorld.KEY_ID)
        .sign(key);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }

  private static JsonObject problem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(status);
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("code")).isEqualTo(code);
    return problem;
  }
}
