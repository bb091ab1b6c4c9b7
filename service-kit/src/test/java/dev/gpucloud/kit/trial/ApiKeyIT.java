package dev.gpucloud.kit.trial;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import dev.gpucloud.testsupport.TestTokens.KeyClaims;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tokens made of API keys open in a service, and what they do not. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "trial"))
class ApiKeyIT {
  private static final Duration REVOCATION_LIMIT = Duration.ofSeconds(5);

  private final String tenant = UUID.randomUUID().toString();
  private final String foreign = UUID.randomUUID().toString();
  private final String holder = "holder-" + tenant;
  private final String keyId = "key_" + UUID.randomUUID();

  @BeforeEach
  void aHolderOfTwoTenants() {
    for (String id : new String[] {tenant, foreign}) {
      send(
          "tenant.tenants.v1",
          "ten_" + id,
          "tenant.created",
          1,
          """
          {"tenantId":"ten_%s","slug":"t-%s","name":"T","kind":"EXTERNAL","state":"ACTIVE"}"""
              .formatted(id, id));
      member(id, "\"OPERATOR\"", 1);
      await(200, () -> notes(id, TestTokens.user(holder, holder)));
    }
  }

  @Test
  void opensWhatTheKeyNamesAndNothingElse() {
    assertThat(notes(tenant, key("", "VIEWER")).statusCode()).isEqualTo(200);

    refused(notes(foreign, key("", "VIEWER")), 404, "NOT_FOUND");
    refused(notes(tenant, key("prj_" + UUID.randomUUID(), "VIEWER")), 404, "NOT_FOUND");
    refused(notes(tenant, key("", "BILLING_VIEWER")), 404, "NOT_FOUND");
    refused(post(key("", "VIEWER")), 403, "FORBIDDEN");
    assertThat(post(key("", "OPERATOR")).statusCode()).isEqualTo(201);
  }

  @Test
  void allowsTheActionsItNamesAlone() {
    assertThat(notes(tenant, keyFor("tenants.notes.read")).statusCode()).isEqualTo(200);
    assertThat(post(keyFor("*.read *.create")).statusCode()).isEqualTo(201);
    post(keyFor("tenants.notes.read"))
        .then()
        .statusCode(403)
        .body("params.action", equalTo("tenants.notes.create"))
        .body("params.allowedActions[0]", equalTo("tenants.notes.read"));
    refused(notes(tenant, keyFor("projects.*")), 403, "FORBIDDEN");
  }

  @Test
  void losesWhatItsHolderLoses() {
    assertThat(post(key("", "OPERATOR")).statusCode()).isEqualTo(201);

    member(tenant, "\"VIEWER\"", 2);
    await(404, () -> post(key("", "OPERATOR")));
    member(tenant, "", 3);
    await(404, () -> notes(tenant, key("", "VIEWER")));
  }

  @Test
  void hasNoPlatformRoleWhateverItsTokenSays() {
    refused(
        get("/api/v1/tenants/ten_" + tenant + "/notes/all", key("", "OWNER")), 403, "FORBIDDEN");
  }

  @Test
  void isRefusedInEveryRequestSoonAfterItsRevocation() {
    String token = key("", "VIEWER");
    assertThat(notes(tenant, token).statusCode()).isEqualTo(200);

    Instant revoked = Instant.now();
    send(
        "tenant.api-keys.v1",
        keyId,
        "api-key.revoked",
        1,
        """
        {"keyId":"%s","tenantId":"ten_%s","subject":"%s","revokedAt":"2026-11-02T00:00:00Z"}"""
            .formatted(keyId, tenant, holder));

    Response answer = await(401, () -> notes(tenant, token));
    assertThat(Duration.between(revoked, Instant.now())).isLessThan(REVOCATION_LIMIT);
    answer
        .then()
        .body("code", equalTo("UNAUTHENTICATED"))
        .body("params.reason", equalTo("API_KEY_REVOKED"))
        .header("WWW-Authenticate", "Bearer");
    refused(notes(tenant, token), 401, "UNAUTHENTICATED");
  }

  @Test
  void isRefusedWhenTheOtherIssuerSignedIt() {
    refused(
        notes(tenant, TestTokens.ofApiKeyByTheWrongIssuer(claims("", "VIEWER"))),
        401,
        "UNAUTHENTICATED");
    refused(
        get(
            "/api/v1/tenants/ten_" + tenant + "/notes/all",
            TestTokens.userByTheWrongIssuer(holder, "platform-admin")),
        401,
        "UNAUTHENTICATED");
  }

  @Test
  void isRefusedUnderAnotherAlgorithm() {
    String[] parts = key("", "VIEWER").split("\\.");
    for (String algorithm : new String[] {"none", "HS256", "RS512"}) {
      String header =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  "{\"alg\":\"%s\",\"typ\":\"JWT\"}"
                      .formatted(algorithm)
                      .getBytes(StandardCharsets.UTF_8));
      String signature = algorithm.equals("none") ? "" : parts[2];
      refused(notes(tenant, header + "." + parts[1] + "." + signature), 401, "UNAUTHENTICATED");
    }
  }

  @Test
  void isRefusedWithoutAKeyId() {
    var nameless = new KeyClaims(holder, "", "ten_" + tenant, "", "OWNER");

    refused(notes(tenant, TestTokens.ofApiKey(nameless)), 401, "UNAUTHENTICATED");
  }

  private KeyClaims claims(String projects, String roles) {
    return new KeyClaims(holder, keyId, "ten_" + tenant, projects, roles);
  }

  private String key(String projects, String roles) {
    return TestTokens.ofApiKey(claims(projects, roles));
  }

  private String keyFor(String actions) {
    return TestTokens.ofApiKey(
        new KeyClaims(holder, keyId, "ten_" + tenant, "", "OPERATOR VIEWER", actions));
  }

  private static Response notes(String tenant, String token) {
    return get("/api/v1/tenants/ten_" + tenant + "/notes", token);
  }

  private static Response get(String path, String token) {
    return given().header("Authorization", "Bearer " + token).get(path);
  }

  private Response post(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .contentType("application/json")
        .body("{\"text\":\"of a key\"}")
        .post("/api/v1/tenants/ten_" + tenant + "/notes");
  }

  private static void refused(Response answer, int status, String code) {
    answer.then().statusCode(status).body("code", equalTo(code));
  }

  private void member(String id, String roles, long sequence) {
    send(
        "tenant.memberships.v1",
        "ten_" + id + "/" + holder,
        "membership.set",
        sequence,
        """
        {"tenantId":"ten_%s","subject":"%s","username":"u","roles":[%s]}"""
            .formatted(id, holder, roles));
  }

  private void send(String topic, String key, String type, long sequence, String json) {
    TestKafka.send(
        TestKafka.Event.of("/tenant-service", topic, key, type, "ten_" + tenant, sequence, json));
  }

  private static Response await(int status, Supplier<Response> request) {
    Instant deadline = Instant.now().plusSeconds(20);
    Response answer = request.get();
    while (answer.statusCode() != status && Instant.now().isBefore(deadline)) {
      answer = request.get();
    }
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(status);
    return answer;
  }
}
