package dev.gpucloud.inventory.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What leaves a quarantine is what it was before, and nothing leaves it past its burn-in. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class QuarantineIT {
  private static String host(String site) {
    return World.value("select id from host where site_id = '" + site + "'");
  }

  private static void move(String host, String action, String state) {
    World.move(host, action).then().statusCode(200).body("state", equalTo(state));
  }

  private static Response refused(String host, String action) {
    return World.move(host, action).then().statusCode(409).extract().response();
  }

  @Test
  void aCordonOutlivesAQuarantine() {
    String host = host(World.site(1, ""));

    move(host, "cordon", "CORDONED");
    move(host, "quarantine", "QUARANTINED");
    move(host, "release-quarantine", "CORDONED");
    move(host, "uncordon", "ACTIVE");
    move(host, "quarantine", "QUARANTINED");
    move(host, "release-quarantine", "ACTIVE");
  }

  @Test
  void whatWasSentToItsBurnInAgainServesOnlyOnceItPassed() {
    String site = World.site(1, "");
    String host = host(site);
    move(host, "quarantine", "QUARANTINED");
    move(host, "reaccept", "ACCEPTING");
    move(host, "quarantine", "QUARANTINED");

    Response refused = refused(host, "release-quarantine");

    refused
        .then()
        .body("code", equalTo("STATE_CONFLICT"))
        .body("detail", containsString("must pass its burn-in first; reaccept it."))
        .body("params.allowed", equalTo(List.of("reaccept", "retire")));
    assertThat(World.value("select booked_kw from site where id = '" + site + "'"))
        .isEqualTo("14.300");
    move(host, "reaccept", "ACCEPTING");
  }

  @Test
  void aRefusedMoveNamesOnlyWhatWouldBeDone() {
    String site = World.site(1, "");
    String host = host(site);
    Tenant tenant = World.tenantWithQuota(8);
    World.create(tenant, "stays", "b200.1x", site).then().statusCode(202);
    Instant deadline = Instant.now().plus(Duration.ofDays(2));
    World.admin()
        .contentType("application/json")
        .body("{\"goal\":\"RETIREMENT\",\"reason\":\"old\",\"deadline\":\"" + deadline + "\"}")
        .post("/api/v1/admin/hosts/hst_" + host + "/drain")
        .then()
        .statusCode(200);

    refused(host, "cordon")
        .then()
        .body("params.allowed", equalTo(List.of("cancel-drain", "quarantine")))
        .body("detail", containsString("allowed now: cancel-drain, quarantine."));

    move(host, "quarantine", "QUARANTINED");
    refused(host, "retire").then().body("params.allowed", equalTo(List.of("release-quarantine")));
  }
}
