package dev.gpucloud.inventory;

import static dev.gpucloud.inventory.fixture.World.withToken;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestTokens;
import dev.gpucloud.testsupport.TestTokens.KeyClaims;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far an API key reaches where the path names a project, or nothing at all. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class ApiKeyReachIT {
  private Tenant tenant;

  @BeforeEach
  void aTenantWithTwoProjects() {
    tenant = World.tenant();
    World.project(tenant, "other");
  }

  @Test
  void ofOneProjectOpensThatProjectAlone() {
    String token = key("prj_" + tenant.project(), "VIEWER");

    get(token, tenant.instances()).statusCode(200);
    get(token, "/api/v1/projects/prj_" + tenant.project() + "/instances").statusCode(200);
    get(token, "/api/v1/projects/" + tenant.slug() + ".other/instances")
        .statusCode(404)
        .body("code", equalTo("NOT_FOUND"));
    get(token, "/api/v1/tenants/" + tenant.slug() + "/quota-usage").statusCode(404);
  }

  @Test
  void ofTheTenantOpensAllItsProjectsWithinItsRoles() {
    String token = key("", "VIEWER");

    get(token, "/api/v1/projects/" + tenant.slug() + ".other/instances").statusCode(200);
    get(token, "/api/v1/tenants/" + tenant.slug() + "/quota-usage").statusCode(200);
    withToken(token)
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{}")
        .post(tenant.instances())
        .then()
        .statusCode(403);
  }

  @Test
  void readsTheCatalogueButNothingOfThePlatform() {
    String token = key("", "OWNER");

    get(token, "/api/v1/instance-types").statusCode(200);
    get(token, "/api/v1/capacity").statusCode(200);
    get(token, "/api/v1/images").statusCode(200);
    get(token, "/api/v1/operations/op_" + UUID.randomUUID()).statusCode(404);
    get(token, "/api/v1/admin/sites").statusCode(403);
    get(token, "/internal/v1/metering/positions").statusCode(403);
  }

  private String key(String projects, String roles) {
    return TestTokens.ofApiKey(
        new KeyClaims(
            "operator-" + tenant.slug(),
            "key_" + UUID.randomUUID(),
            "ten_" + tenant.id(),
            projects,
            roles));
  }

  private static ValidatableResponse get(String token, String path) {
    return withToken(token).get(path).then();
  }
}
