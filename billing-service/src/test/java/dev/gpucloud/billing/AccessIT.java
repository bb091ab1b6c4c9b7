package dev.gpucloud.billing;

import static io.restassured.RestAssured.given;

import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
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

/** Who may do what at billing-service: {@code docs/access/billing-service.csv}. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "billing"))
@QuarkusTestResource(FakeInventory.class)
class AccessIT {
  private static AccessWalk walk;
  private static String owner;

  @BeforeEach
  void twoTenants() {
    if (walk != null) {
      return;
    }
    World world = new World().tenant("EXTERNAL", "EXTERNAL", "");
    World foreign = new World().tenant("EXTERNAL", "EXTERNAL", "");
    owner = world.owner;
    var cast =
        new Cast(
            "ten_" + world.tenant,
            "ten_" + foreign.tenant,
            role -> role + "-" + world.tenant,
            foreign.owner,
            Cast.signed());
    walk =
        new AccessWalk(
            URI.create("http://localhost:" + RestAssured.port),
            AccessTable.of("billing-service"),
            Map.of("tenant", world.slug, "project", world.slug + ".p", "month", "2026-09"),
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
