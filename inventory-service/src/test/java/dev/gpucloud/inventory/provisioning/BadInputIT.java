package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that must not have any effect, and the walls between tenants. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class BadInputIT {
  private static final String FINE = "{\"name\":\"fine\",\"instanceType\":\"b200.1x\"}";
  private String site = "";
  private Tenant tenant;

  @BeforeEach
  void oneHost() {
    site = World.site(1, "");
    tenant = World.tenantWithQuota(8);
  }

  private ValidatableResponse post(RequestSpecification as, String body) {
    return as.contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post(tenant.instances())
        .then();
  }

  @Test
  void everyMistakeGetsItsOwnAnswerAndNoneHasAnEffect() {
    post(tenant.as("operator"), "{\"name\":\"x\",\"instanceType\":\"b900.8x\"}")
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("errors[0].pointer", equalTo("/instanceType"))
        .body("params.validInstanceTypes", hasItems("b200.1x", "b200.8x"));
    post(tenant.as("operator"), "{\"name\":\"x\",\"instanceType\":\"b200.1x\",\"site\":\"moon\"}")
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/site"))
        .body("params.validSites", hasItem(site));
    post(tenant.as("operator"), "{\"name\":")
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"));
    post(tenant.as("operator"), "{\"nam\":\"x\",\"instanceType\":\"b200.1x\"}")
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"))
        .body("errors[0].pointer", equalTo("/nam"));
    post(tenant.as("operator"), "{\"name\":\"Not Fine\",\"instanceType\":\"\"}")
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", hasItems("/name", "/instanceType"));
    post(tenant.as("operator"), "").statusCode(400);
    tenant
        .as("operator")
        .contentType("application/json")
        .body(FINE)
        .post(tenant.instances())
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
    tenant
        .as("viewer")
        .get(tenant.instances() + "?state=GONE")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"));
    tenant
        .as("viewer")
        .get(tenant.instances() + "?pageToken=nonsense")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PAGE_TOKEN"));
    assertThat(count("select count(*) from instance where tenant_id = '" + tenant.id() + "'"))
        .isZero();
  }

  @Test
  void onlyOperatorsAndOwnersOfTheTenantCreate() {
    Tenant other = World.tenant();
    post(given(), FINE).statusCode(401);
    post(World.withToken(TestTokens.expired("operator-" + tenant.slug())), FINE).statusCode(401);
    post(World.withToken(TestTokens.forged("operator-" + tenant.slug())), FINE).statusCode(401);
    post(tenant.as("viewer"), FINE).statusCode(403).body("code", equalTo("FORBIDDEN"));
    post(other.as("owner"), FINE).statusCode(404).body("code", equalTo("NOT_FOUND"));
    post(World.admin(), FINE).statusCode(404);
    post(tenant.as("owner"), FINE).statusCode(202);
  }

  @Test
  void anotherTenantsInstanceIsNotThere() {
    String id = create(tenant, "mine", "b200.1x", site).path("id");
    String operation =
        World.value("select operation_id from instance where id = '%s'".formatted(id.substring(4)));
    Tenant other = World.tenantWithQuota(8);
    String asOwn = other.instances() + "/" + id;

    other.as("owner").get(asOwn).then().statusCode(404);
    other.as("owner").get(tenant.instances() + "/" + id).then().statusCode(404);
    other.as("owner").delete(asOwn).then().statusCode(404);
    other.as("owner").post(asOwn + "/stop").then().statusCode(404);
    other
        .as("owner")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(asOwn + "/start")
        .then()
        .statusCode(404);
    other.as("owner").get(asOwn + "/history").then().statusCode(404);
    other.as("owner").get("/api/v1/operations/op_" + operation).then().statusCode(404);
    tenant.as("viewer").get("/api/v1/operations/op_" + operation).then().statusCode(200);
    assertThat(World.value("select state from instance where id = '%s'".formatted(id.substring(4))))
        .isEqualTo("PENDING");
  }

  @Test
  void rowLevelSecurityHoldsWhenAQueryForgetsItsWhere() throws SQLException {
    create(tenant, "mine", "b200.1x", site).then().statusCode(202);
    Tenant other = World.tenantWithQuota(8);
    String otherSite = World.site(1, "");
    create(other, "theirs", "b200.1x", otherSite).then().statusCode(202);

    for (String table :
        List.of("instance", "allocation", "instance_history", "operation", "quota_usage")) {
      assertThat(tenants("inventory_app", tenant.id().toString(), table))
          .as(table)
          .containsExactly(tenant.id().toString());
      assertThat(tenants("inventory_app", "", table)).as(table).isEmpty();
      assertThat(tenants("inventory_system", "", table))
          .as(table)
          .contains(tenant.id().toString(), other.id().toString());
    }
    try (Connection c = TestDatabase.as("inventory_app", tenant.id().toString());
        Statement s = c.createStatement()) {
      assertThat(s.executeUpdate("update instance set name = 'stolen' where name = 'theirs'"))
          .isZero();
    }
  }

  private static List<String> tenants(String role, String tenant, String table)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection c = TestDatabase.as(role, tenant);
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("select distinct tenant_id from " + table)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  @Test
  void aSwitchThatIsNeitherTrueNorFalseDoesNothing() {
    for (String odd : List.of("yes", "1", "on", "", "true ")) {
      tenant
          .as("operator")
          .contentType("application/json")
          .header("Idempotency-Key", UUID.randomUUID().toString())
          .queryParam("validateOnly", odd)
          .body(FINE)
          .post(tenant.instances())
          .then()
          .statusCode(400)
          .body("code", equalTo("INVALID_PARAMETER"))
          .body("errors[0].pointer", equalTo("validateOnly"))
          .body("errors[0].detail", equalTo("must be true or false"));
    }
    assertThat(count("select count(*) from instance where tenant_id = '" + tenant.id() + "'"))
        .isZero();
  }

  @Test
  void anEditWithoutAnythingToChangeChangesNothing() {
    String path = tenant.instances() + "/" + create(tenant, "same", "b200.1x", site).path("id");
    String tag = tenant.as("viewer").get(path).header("ETag");

    tenant
        .as("operator")
        .contentType("application/json")
        .header("If-Match", tag)
        .body("{}")
        .patch(path)
        .then()
        .statusCode(200)
        .header("ETag", equalTo(tag));
  }
}
