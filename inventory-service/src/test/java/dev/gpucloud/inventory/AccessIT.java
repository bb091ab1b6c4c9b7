package dev.gpucloud.inventory;

import static io.restassured.RestAssured.given;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.access.AccessTable;
import dev.gpucloud.testsupport.access.AccessWalk;
import dev.gpucloud.testsupport.access.Cast;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what at inventory-service: {@code docs/access/inventory-service.csv}. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class AccessIT {
  private static AccessWalk walk;
  private static String owner;

  @BeforeEach
  void twoTenants() {
    if (walk != null) {
      return;
    }
    Tenant tenant = World.tenant();
    Tenant foreign = World.tenant();
    owner = "owner-" + tenant.slug();
    var cast =
        new Cast(
            "ten_" + tenant.id(),
            "ten_" + foreign.id(),
            role -> role + "-" + tenant.slug(),
            "owner-" + foreign.slug(),
            Cast.signed());
    walk =
        new AccessWalk(
            URI.create("http://localhost:" + RestAssured.port),
            AccessTable.of("inventory-service"),
            Map.of("tenant", tenant.slug(), "project", tenant.slug() + ".main"),
            cast::token);
  }

  @Test
  void knowsEveryEndpointThatTheServiceOffers() {
    walk.tableIsComplete(
        given()
            .accept("application/json")
            .get("/q/openapi?format=json")
            .jsonPath()
            .getMap("paths"));
  }

  @Test
  void letsThroughExactlyWhoMay() {
    walk.letsThroughExactlyWhoMay();
  }

  @Test
  void refusalsAreNamedAsTheirEndpoints() {
    walk.refusalsAreNamedAsTheirEndpoints();
  }

  @Test
  void letsNobodyInWithoutAValidToken() {
    walk.letsNobodyInWithoutAValidToken(owner);
  }
}
