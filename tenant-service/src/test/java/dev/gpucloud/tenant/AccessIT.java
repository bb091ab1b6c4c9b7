package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.RealKeys;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.access.AccessTable;
import dev.gpucloud.testsupport.access.AccessWalk;
import dev.gpucloud.testsupport.access.Cast;
import dev.gpucloud.testsupport.access.Persona;
import io.restassured.RestAssured;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what at tenant-service: {@code docs/access/tenant-service.csv}. */
@TenantService
class AccessIT {
  private static AccessWalk walk;
  private static String owner;

  @BeforeEach
  void twoTenants() {
    if (walk != null) {
      return;
    }
    Tenant tenant = openTenant("access");
    Tenant foreign = openTenant("access-foreign");
    owner = tenant.slug() + "-owner";
    var cast =
        new Cast(
            tenant.id(),
            foreign.id(),
            role -> tenant.slug() + "-" + role.replace("billing-viewer", "billing"),
            foreign.slug() + "-owner",
            new RealKeys(Map.of(tenant.id(), tenant, foreign.id(), foreign)));
    walk =
        new AccessWalk(
            URI.create("http://localhost:" + RestAssured.port),
            AccessTable.of("tenant-service"),
            Map.ofEntries(
                Map.entry("tenant", tenant.slug()),
                Map.entry("project", tenant.slug() + ".training"),
                Map.entry("projectSlugOrId", "training"),
                Map.entry("subject", tenant.slug() + "-viewer"),
                Map.entry("model", "b200-sxm-180g"),
                Map.entry("account", "sac_00000000-0000-7000-8000-000000000000"),
                Map.entry("key", "key_00000000-0000-7000-8000-000000000000"),
                Map.entry("webhook", "whk_00000000-0000-7000-8000-000000000000"),
                Map.entry("dispatch", "dsp_00000000-0000-7000-8000-000000000000"),
                Map.entry("request", "qrq_01a20158-0300-796c-b390-50cdf4b4e19a"),
                Map.entry("call", "gcl_01a20158-0300-796c-b390-50cdf4b4e19a"),
                Map.entry("application", "gap_01a20158-0300-796c-b390-50cdf4b4e19a"),
                Map.entry("award", "gaw_01a20158-0300-796c-b390-50cdf4b4e19a"),
                Map.entry("invitation", "ivt_00000000-0000-7000-8000-000000000001")),
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
    for (Persona persona : Persona.values()) {
      walk.token().apply(persona);
    }
    long changes = Database.changes();
    walk.letsThroughExactlyWhoMay();
    assertThat(Database.changes()).isEqualTo(changes);
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
