package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.awaitStatus;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.tenant.fixture.Api;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestTokens;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys from their making to their end, with the tokens they are exchanged for. */
@TenantService
class ApiKeyIT {
  private static final Duration REVOCATION_LIMIT = Duration.ofSeconds(5);

  private static Tenant tenant;
  private static Tenant foreign;

  @BeforeEach
  void twoTenants() {
    if (tenant == null) {
      tenant = openTenant("keys");
      foreign = openTenant("keys-foreign");
    }
  }

  @Test
  void isShownOnceAndStoredAsAHash() {
    String idempotencyKey = UUID.randomUUID().toString();
    RequestSpecification request =
        json(tenant.as("operator"), "{'name': 'once', 'roles': ['VIEWER']}");
    Response first = request.header("Idempotency-Key", idempotencyKey).post(keys());
    Response again =
        json(tenant.as("operator"), "{'name': 'once', 'roles': ['VIEWER']}")
            .header("Idempotency-Key", idempotencyKey)
            .post(keys());

    assertThat(first.statusCode()).describedAs(first.asString()).isEqualTo(201);
    ApiKey key = ApiKey.parse(first.jsonPath().getString("key")).orElseThrow();
    assertThat(first.header("Location"))
        .isEqualTo("/api/v1/tenants/" + tenant.id() + "/api-keys/" + key.id());
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.jsonPath().getString("id")).isEqualTo(key.id().toString());
    assertThat(again.jsonPath().getString("key")).isNull();
    String secret = key.text().substring(37, 80);
    assertThat(
            Database.number("select count(*) from idempotency where body like '%" + secret + "%'"))
        .isZero();
    assertThat(
            Database.number(
                "select count(*) from outbox where cast(events as text) like '%" + secret + "%'"))
        .isZero();
  }

  @Test
  void opensWhatItsRolesOpen() {
    String token = token(create("owner", "{'name': 'reader', 'roles': ['VIEWER']}"));

    assertThat(get(token, "/tenants/" + tenant.slug() + "/members").statusCode()).isEqualTo(200);
    refused(
        json(withKey(bearer(token)), "{'slug': 'of-a-key'}")
            .post("/tenants/" + tenant.slug() + "/projects"),
        403,
        "FORBIDDEN");
    refused(get(token, "/tenants/" + foreign.slug()), 404, "NOT_FOUND");
    refused(get(token, "/tenants"), 403, "FORBIDDEN");
    refused(get(token, "/admin/tenants"), 403, "FORBIDDEN");
    JsonPath me = get(token, "/me").jsonPath();
    assertThat(me.getString("subject")).isEqualTo(tenant.slug() + "-owner");
    assertThat(me.getList("memberships.tenant.slug")).isEqualTo(List.of(tenant.slug()));
    assertThat(me.getString("apiKey.name")).isEqualTo("reader");
    assertThat(me.getList("apiKey.roles")).isEqualTo(List.of("VIEWER"));
    assertThat(me.getList("apiKey.projects")).isEmpty();
    assertThat(me.getList("memberships[0].roles")).isEqualTo(List.of("VIEWER"));
  }

  @Test
  void ofAnOwnerOpensProjectsButNeverMembersOrKeys() {
    String token = token(create("owner", "{'name': 'robot', 'roles': ['OWNER']}"));

    Response opened =
        json(withKey(bearer(token)), "{'slug': 'by-robot'}")
            .post("/tenants/" + tenant.slug() + "/projects");
    assertThat(opened.statusCode()).describedAs(opened.asString()).isEqualTo(201);
    refused(
        json(bearer(token), "{'username': 'mallory', 'roles': ['OWNER']}")
            .put("/tenants/" + tenant.slug() + "/members/mallory"),
        403,
        "FORBIDDEN");
    refused(
        json(withKey(bearer(token)), "{'name': 'successor', 'roles': ['OWNER']}").post(keys()),
        403,
        "FORBIDDEN");
    refused(get(token, keys()), 403, "FORBIDDEN");
  }

  @Test
  void endsWithTheMembershipOfItsHolderAndDoesNotComeBackWithIt() {
    Tenant left = openTenant("keys-left");
    String path = "/tenants/" + left.slug() + "/api-keys";
    String removed = left.slug() + "-operator";
    for (String role : List.of("operator", "viewer")) {
      Response made =
          json(withKey(left.as(role)), "{'name': '%s', 'roles': ['VIEWER']}".formatted(role))
              .post(path);
      assertThat(made.statusCode()).describedAs(made.asString()).isEqualTo(201);
    }
    String version =
        left.as("owner")
            .get("/tenants/" + left.slug() + "/members")
            .jsonPath()
            .getString("items.find { it.subject == '%s' }.version".formatted(removed));

    assertThat(
            left.as("owner")
                .header("If-Match", "\"" + version + "\"")
                .delete("/tenants/" + left.slug() + "/members/" + removed)
                .statusCode())
        .isEqualTo(204);
    assertThat(left.as("viewer").delete("/me/memberships/" + left.slug()).statusCode())
        .isEqualTo(204);

    JsonPath keys = left.as("owner").get(path).jsonPath();
    assertThat(keys.getList("items.state")).containsExactly("REVOKED", "REVOKED");
    assertThat(
            Database.number(
                "select count(*) from api_key where subject = '%s' and revoked_by = '%s-owner'"
                    .formatted(removed, left.slug())))
        .isEqualTo(1);
  }

  @Test
  void isLimitedToItsActions() {
    String token =
        token(
            create(
                "owner",
                "{'name': 'ci', 'roles': ['OWNER'], 'actions': ['tenants.members.read']}"));

    assertThat(get(token, "/tenants/" + tenant.slug() + "/members").statusCode()).isEqualTo(200);
    assertThat(get(token, "/me").jsonPath().getList("apiKey.actions"))
        .isEqualTo(List.of("tenants.members.read"));
    Response refused =
        refused(
            json(withKey(bearer(token)), "{'slug': 'by-ci'}")
                .post("/tenants/" + tenant.slug() + "/projects"),
            403,
            "FORBIDDEN");
    assertThat(refused.jsonPath().getString("params.action")).isEqualTo("tenants.projects.create");
    Response wrong =
        refused(
            json(
                    withKey(tenant.as("owner")),
                    "{'name': 'ci', 'roles': ['OWNER'], 'actions': ['*.read', 'Instances:read']}")
                .post(keys()),
            400,
            "VALIDATION_FAILED");
    assertThat(wrong.jsonPath().getString("errors[0].pointer")).isEqualTo("/actions/1");
    Response unknown =
        refused(
            json(
                    withKey(tenant.as("owner")),
                    "{'name': 'ci', 'roles': ['OWNER'], 'actions': ['projects.nonsense.create']}")
                .post(keys()),
            400,
            "VALIDATION_FAILED");
    assertThat(unknown.jsonPath().getString("errors[0].pointer")).isEqualTo("/actions/0");
    assertThat(unknown.jsonPath().getString("errors[0].detail"))
        .contains("projects.instances.create");
  }

  @Test
  void isLimitedToItsProjects() {
    String project =
        tenant
            .as("owner")
            .get("/tenants/" + tenant.slug() + "/projects/training")
            .jsonPath()
            .getString("id");
    String token =
        token(
            create(
                "owner",
                "{'name': 'one project', 'roles': ['VIEWER'], 'projects': ['%s']}"
                    .formatted(project)));

    refused(get(token, "/tenants/" + tenant.slug() + "/members"), 404, "NOT_FOUND");
    JsonPath me = get(token, "/me").jsonPath();
    assertThat(me.getList("apiKey.projects")).isEqualTo(List.of(project));
    assertThat(me.getList("memberships[0].roles")).isEmpty();
    assertThat(me.getMap("memberships[0].projectRoles"))
        .isEqualTo(Map.of(project, List.of("VIEWER")));
  }

  @Test
  void neverHasMoreThanItsHolder() {
    Response answer = post("viewer", "{'name': 'greedy', 'roles': ['VIEWER', 'OWNER']}");
    refused(answer, 422, "UNPROCESSABLE");
    assertThat(answer.jsonPath().getString("errors[0].pointer")).isEqualTo("/roles/0");

    assertThat(post("operator", "{'name': 'less', 'roles': ['VIEWER']}").statusCode())
        .isEqualTo(201);
  }

  @Test
  void losesWhatItsHolderLoses() {
    String subject = "leaver-" + UUID.randomUUID();
    tenant.join(subject, "'roles': ['OPERATOR']");
    answered(200, Api.as(subject).get("/tenants/" + tenant.slug()));
    String key = createAs(subject, "{'name': 'mine', 'roles': ['VIEWER']}");
    String token = token(key);
    assertThat(get(token, "/tenants/" + tenant.slug()).statusCode()).isEqualTo(200);

    Response demoted = setRoles(subject, "BILLING_VIEWER", "\"1\"");
    answered(404, get(token, "/tenants/" + tenant.slug()));

    tenant
        .as("owner")
        .header("If-Match", demoted.header("ETag"))
        .delete("/tenants/" + tenant.slug() + "/members/" + subject)
        .then()
        .statusCode(204);
    assertThat(exchange(key).getString("refusal")).isEqualTo("REVOKED");
  }

  @Test
  void isRefusedEverywhereWithinSecondsOfItsRevocation() {
    String key = create("operator", "{'name': 'short-lived', 'roles': ['VIEWER']}");
    String id = ApiKey.parse(key).orElseThrow().id().toString();
    String token = token(key);
    assertThat(get(token, "/tenants/" + tenant.slug()).statusCode()).isEqualTo(200);

    Instant asked = Instant.now();
    assertThat(tenant.as("operator").delete(keys() + "/" + id).statusCode()).isEqualTo(204);
    assertThat(exchange(key).getString("refusal")).isEqualTo("REVOKED");
    Response refusal = awaitStatus(401, () -> get(token, "/tenants/" + tenant.slug()));
    assertThat(Duration.between(asked, Instant.now())).isLessThan(REVOCATION_LIMIT);
    refused(refusal, 401, "UNAUTHENTICATED");
    assertThat(refusal.jsonPath().getString("params.reason")).isEqualTo("API_KEY_REVOKED");

    assertThat(tenant.as("operator").delete(keys() + "/" + id).statusCode()).isEqualTo(204);
    assertThat(tenant.as("operator").get(keys() + "/" + id).jsonPath().getString("state"))
        .isEqualTo("REVOKED");
  }

  @Test
  void isRefusedAfterItsExpiry() throws SQLException {
    String key = create("operator", "{'name': 'old', 'roles': ['VIEWER']}");
    UUID id = ApiKey.parse(key).orElseThrow().id().value();
    execute(
        "update api_key set created_at = now() - interval '2 days',"
            + " expires_at = now() - interval '1 day' where key_id = '%s'".formatted(id));

    assertThat(exchange(key).getString("refusal")).isEqualTo("EXPIRED");
  }

  @Test
  void tellsNothingOfAKeyToWhoHasNotItsSecret() {
    ApiKey key =
        ApiKey.parse(create("operator", "{'name': 'guessed', 'roles': ['VIEWER']}")).orElseThrow();
    ApiKey guess = ApiKey.of(key.id(), new byte[ApiKey.SECRET_BYTES]);
    char last = key.text().charAt(85);
    String tampered = key.text().substring(0, 85) + (last == '1' ? '2' : '1');

    assertThat(exchange(guess.text()).getString("refusal")).isEqualTo("UNKNOWN");
    assertThat(exchange(tampered).getString("refusal")).isEqualTo("UNKNOWN");
    assertThat(exchange("gck_rubbish").getString("refusal")).isEqualTo("UNKNOWN");
  }

  @Test
  void isExchangedForServicesOnlyAndNeverTakenDirectly() {
    String key = create("operator", "{'name': 'direct', 'roles': ['VIEWER']}");

    for (String token :
        new String[] {
          TestTokens.user("kim", "kim"), TestTokens.user("admin", "admin", "platform-admin")
        }) {
      refused(exchangeAs(token, key), 403, "FORBIDDEN");
    }
    refused(exchangeAs(token(key), key), 403, "FORBIDDEN");
    refused(get(key, "/tenants/" + tenant.slug()), 401, "UNAUTHENTICATED");
  }

  @Test
  void makesATokenOfAMinuteThatNobodyElseCanMake() {
    String key = create("operator", "{'name': 'token', 'roles': ['VIEWER']}");
    String token = token(key);
    String[] parts = token.split("\\.");
    JsonPath header = decoded(parts[0]);
    JsonPath claims = decoded(parts[1]);

    assertThat(header.getString("alg")).isEqualTo("RS256");
    assertThat(claims.getString("iss")).isEqualTo("urn:gpucloud:api-keys");
    assertThat(claims.getString("aud")).isEqualTo("gpucloud-api");
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(60);
    JsonPath published = given().get("/internal/v1/api-keys/jwks").jsonPath();
    assertThat(published.getList("keys.kid")).contains(header.getString("kid"));
    assertThat(published.getList("keys.d")).containsOnlyNulls();

    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                    .replace("VIEWER", "OWNER")
                    .getBytes(StandardCharsets.UTF_8));
    refused(
        get(parts[0] + "." + forged + "." + parts[2], "/tenants/" + tenant.slug()),
        401,
        "UNAUTHENTICATED");
  }

  @Test
  void recordsItsLastUse() {
    String key = create("operator", "{'name': 'used', 'roles': ['VIEWER']}");
    String id = ApiKey.parse(key).orElseThrow().id().toString();
    assertThat(tenant.as("operator").get(keys() + "/" + id).jsonPath().getString("lastUsedAt"))
        .isNull();

    exchange(key);

    Instant deadline = Instant.now().plusSeconds(20);
    String used = null;
    while (used == null && Instant.now().isBefore(deadline)) {
      used = tenant.as("operator").get(keys() + "/" + id).jsonPath().getString("lastUsedAt");
    }
    assertThat(Instant.parse(used)).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void isSeenAndEndedByItsHolderAndByOwners() {
    String id =
        ApiKey.parse(create("operator", "{'name': 'private', 'roles': ['VIEWER']}"))
            .orElseThrow()
            .id()
            .toString();

    refused(tenant.as("viewer").get(keys() + "/" + id), 404, "NOT_FOUND");
    refused(tenant.as("viewer").delete(keys() + "/" + id), 404, "NOT_FOUND");
    assertThat(tenant.as("viewer").get(keys()).jsonPath().getList("items.id")).doesNotContain(id);
    assertThat(tenant.as("owner").get(keys() + "?pageSize=1000").jsonPath().getList("items.id"))
        .contains(id);
    refused(
        foreign.as("owner").get("/tenants/" + foreign.slug() + "/api-keys/" + id),
        404,
        "NOT_FOUND");
    refused(foreign.as("owner").delete(keys() + "/" + id), 404, "NOT_FOUND");
    assertThat(tenant.as("owner").delete(keys() + "/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void namesEverythingThatIsWrongWithARequest() {
    Response answer =
        post(
            "operator",
            """
            {'name': ' ', 'roles': [], 'projects': ['x'], 'expiresAt': '2020-01-01T00:00:00Z',
             'serviceAccount': 'y'}""");

    refused(answer, 400, "VALIDATION_FAILED");
    assertThat(answer.jsonPath().getList("errors.pointer", String.class))
        .containsExactlyInAnyOrder(
            "/name", "/roles", "/projects/0", "/expiresAt", "/serviceAccount");
    Response late =
        post(
            "operator",
            "{'name': 'eternal', 'roles': ['VIEWER'], 'expiresAt': '2999-01-01T00:00:00Z'}");
    assertThat(late.jsonPath().getString("errors[0].pointer")).isEqualTo("/expiresAt");
    refused(
        post(
            "operator",
            "{'name': 'n', 'roles': ['VIEWER'], 'projects': ['prj_%s']}"
                .formatted(UUID.randomUUID())),
        422,
        "UNKNOWN_REFERENCE");
    refused(post("operator", "{'name': 'n', 'roles': ['VIEWER'], 'x': 1}"), 400, "UNKNOWN_FIELD");
    refused(
        json(tenant.as("operator"), "{'name': 'n', 'roles': ['VIEWER']}").post(keys()),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
    refused(tenant.as("operator").get(keys() + "/key_x"), 404, "NOT_FOUND");
  }

  // ---- requests

  private static String keys() {
    return "/tenants/" + tenant.slug() + "/api-keys";
  }

  private static Response post(String role, String body) {
    return json(withKey(tenant.as(role)), body).post(keys());
  }

  private static String create(String role, String body) {
    return createAs(tenant.slug() + "-" + role, body);
  }

  private static String createAs(String subject, String body) {
    Response answer = json(withKey(Api.as(subject)), body).post(keys());
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
    return answer.jsonPath().getString("key");
  }

  private static Response setRoles(String subject, String role, String etag) {
    Response answer =
        json(
                tenant.as("owner").header("If-Match", etag),
                "{'username': 'leaver', 'roles': ['%s']}".formatted(role))
            .put("/tenants/" + tenant.slug() + "/members/" + subject);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    return answer;
  }

  private static JsonPath exchange(String key) {
    Response answer = exchangeAs(TestTokens.user("gateway", "gateway", "service"), key);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    return answer.jsonPath();
  }

  private static Response exchangeAs(String token, String key) {
    return given()
        .auth()
        .oauth2(token)
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\"}")
        .post("/internal/v1/api-keys/exchange");
  }

  private static String token(String key) {
    String token = exchange(key).getString("token");
    assertThat(token).isNotNull();
    return token;
  }

  private static RequestSpecification bearer(String token) {
    return given().auth().oauth2(token).basePath("/api/v1");
  }

  private static Response get(String token, String path) {
    return bearer(token).get(path);
  }

  private static JsonPath decoded(String part) {
    return JsonPath.from(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }
}
