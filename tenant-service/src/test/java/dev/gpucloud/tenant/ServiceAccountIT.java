package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.awaitStatus;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestTokens;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts of machines, from their making to their end. */
@TenantService
class ServiceAccountIT {
  private Tenant tenant;

  @BeforeEach
  void aTenant() {
    tenant = openTenant("robots");
  }

  @Test
  void actsThroughItsKeyAsFarAsItsRolesGo() {
    JsonPath account = create("{'name': 'trainer', 'roles': ['VIEWER']}");
    String token = token(key(account.getString("id"), "VIEWER"));
    String members = "/tenants/" + tenant.slug() + "/members";

    answered(200, get(token, members));
    assertThat(get(token, "/me").jsonPath().getString("username")).isEqualTo("trainer");

    json(
            tenant.as("owner").header("If-Match", "\"1\""),
            "{'name': 'trainer', 'roles': ['BILLING_VIEWER']}")
        .put(accounts() + "/" + account.getString("id"))
        .then()
        .statusCode(200);
    answered(404, get(token, members));
  }

  @Test
  void losesItsKeysWhenItIsDeleted() {
    String id = create("{'name': 'gone', 'roles': ['OPERATOR']}").getString("id");
    String key = key(id, "OPERATOR");
    String token = token(key);
    answered(200, get(token, "/tenants/" + tenant.slug()));

    refused(tenant.as("owner").delete(accounts() + "/" + id), 428, "PRECONDITION_REQUIRED");
    refused(
        tenant.as("owner").header("If-Match", "\"7\"").delete(accounts() + "/" + id),
        412,
        "VERSION_MISMATCH");
    tenant
        .as("owner")
        .header("If-Match", "\"1\"")
        .delete(accounts() + "/" + id)
        .then()
        .statusCode(204);

    assertThat(exchange(key).getString("refusal")).isEqualTo("REVOKED");
    awaitStatus(401, () -> get(token, "/tenants/" + tenant.slug()));
    refused(tenant.as("owner").get(accounts() + "/" + id), 404, "NOT_FOUND");
    refused(newKey(id, "OPERATOR"), 422, "UNKNOWN_REFERENCE");
    assertThat(create("{'name': 'gone', 'roles': ['VIEWER']}").getString("id")).isNotEqualTo(id);
  }

  @Test
  void isNeverAnOwnerAndNeverMoreThanItsRoles() {
    Response owner = post("{'name': 'boss', 'roles': ['OWNER']}");
    refused(owner, 400, "VALIDATION_FAILED");
    assertThat(owner.jsonPath().getString("errors[0].pointer")).isEqualTo("/roles");

    String id = create("{'name': 'small', 'roles': ['VIEWER']}").getString("id");
    refused(newKey(id, "OPERATOR"), 422, "UNPROCESSABLE");
    refused(
        json(
                withKey(tenant.as("operator")),
                "{'name': 'k', 'roles': ['VIEWER'], 'serviceAccount': '%s'}".formatted(id))
            .post("/tenants/" + tenant.slug() + "/api-keys"),
        403,
        "FORBIDDEN");
    refused(
        json(tenant.as("owner"), "{'username': 'x', 'roles': ['OWNER']}")
            .put("/tenants/" + tenant.slug() + "/members/" + id),
        400,
        "VALIDATION_FAILED");
  }

  @Test
  void namesAreUniqueInTheTenantAndPlain() {
    create("{'name': 'twin', 'roles': ['VIEWER']}");

    refused(post("{'name': 'twin', 'roles': ['VIEWER']}"), 409, "ALREADY_EXISTS");
    Response bad = post("{'name': 'No Slug', 'roles': []}");
    refused(bad, 400, "VALIDATION_FAILED");
    assertThat(bad.jsonPath().getList("errors.pointer", String.class)).contains("/name");
  }

  @Test
  void isListedWithItsRoles() {
    create("{'name': 'one', 'roles': ['VIEWER'], 'description': 'reads'}");
    create("{'name': 'two', 'roles': ['OPERATOR', 'BILLING_VIEWER']}");

    JsonPath page = tenant.as("viewer").get(accounts() + "?pageSize=1").jsonPath();
    assertThat(page.getList("items.name")).containsExactly("one");
    assertThat(page.getList("items[0].roles")).containsExactly("VIEWER");
    JsonPath next =
        tenant
            .as("viewer")
            .get(accounts() + "?pageSize=1&pageToken=" + page.getString("nextPageToken"))
            .jsonPath();
    assertThat(next.getList("items.name")).containsExactly("two");
    assertThat(next.getString("nextPageToken")).isNull();
  }

  private String accounts() {
    return "/tenants/" + tenant.slug() + "/service-accounts";
  }

  private Response post(String body) {
    return json(withKey(tenant.as("owner")), body).post(accounts());
  }

  private JsonPath create(String body) {
    Response answer = post(body);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
    return answer.jsonPath();
  }

  private Response newKey(String account, String role) {
    return json(
            withKey(tenant.as("owner")),
            "{'name': 'k', 'roles': ['%s'], 'serviceAccount': '%s'}".formatted(role, account))
        .post("/tenants/" + tenant.slug() + "/api-keys");
  }

  private String key(String account, String role) {
    Response answer = newKey(account, role);
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(201);
    return answer.jsonPath().getString("key");
  }

  private static JsonPath exchange(String key) {
    return given()
        .auth()
        .oauth2(TestTokens.user("gateway", "gateway", "service"))
        .contentType("application/json")
        .body("{\"key\":\"" + key + "\"}")
        .post("/internal/v1/api-keys/exchange")
        .jsonPath();
  }

  private static String token(String key) {
    return exchange(key).getString("token");
  }

  private static Response get(String token, String path) {
    return given().auth().oauth2(token).basePath("/api/v1").get(path);
  }
}
