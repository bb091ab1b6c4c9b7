package dev.gpucloud.inventory.maintenance;

import static dev.gpucloud.inventory.fixture.Site.awaitState;
import static dev.gpucloud.inventory.fixture.Site.historyOf;
import static dev.gpucloud.inventory.fixture.Site.hostOf;
import static dev.gpucloud.inventory.fixture.Site.hostState;
import static dev.gpucloud.inventory.fixture.Site.view;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Planned work from its notice to its end; the clock's part is played on the rows. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class WindowIT {
  private static final String WINDOWS = "/api/v1/admin/maintenance-windows";
  private static final Instant START =
      Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(5));

  private static Response plan(String scope, String target, Instant start, String notice) {
    return World.admin()
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"scope":"%s","target":"%s","startsAt":"%s","endsAt":"%s","notice":"%s",
             "reason":"new firmware"}"""
                .formatted(scope, target, start, start.plusSeconds(3600), notice))
        .post(WINDOWS);
  }

  private static void set(String window, String column, Instant at) {
    World.update(
        "update maintenance_window set %s = '%s' where id = '%s'"
            .formatted(column, at, window.substring(5)));
  }

  private static String state(String window) {
    return World.admin().get(WINDOWS + "/" + window).path("state");
  }

  private static String only(String site, String column) {
    return World.value(
        "select %s from host where site_id = '%s' order by name limit 1".formatted(column, site));
  }

  @Test
  void aWindowOfARackDrainsItsHostsAtTheNoticeAndGivesThemBackAtItsEnd() {
    String site = World.site(4, "");
    String rack = only(site, "rack_id");
    String cordoned = only(site, "id");
    World.move(cordoned, "cordon").then().statusCode(200);
    String window =
        plan("RACK", rack, START, "PT24H")
            .then()
            .statusCode(201)
            .header("Location", startsWith("/api/v1/admin/maintenance-windows/mwin_"))
            .body("state", equalTo("PLANNED"))
            .extract()
            .path("id");
    assertThat(
            World.count(
                "select count(*) from host_drain where window_id is not null and"
                    + " host_id in (select id from host where rack_id = '"
                    + rack
                    + "')"))
        .isZero();

    set(window, "notice_at", Instant.now().minusSeconds(1));
    eventually(() -> allAre(rack, "MAINTENANCE"));
    assertThat(state(window)).isEqualTo("DRAINING");
    set(window, "starts_at", Instant.now().minusSeconds(1));
    eventually(() -> state(window).equals("OPEN"));

    set(window, "ends_at", Instant.now());
    eventually(() -> state(window).equals("DONE") && hostState(cordoned).equals("CORDONED"));
    eventually(
        () ->
            World.count(
                    "select count(*) from host where rack_id = '%s' and state = 'ACTIVE'"
                        .formatted(rack))
                == 3);
    assertThat(historyOf(cordoned)).isEqualTo("ACTIVE CORDONED DRAINING MAINTENANCE CORDONED");
  }

  private static boolean allAre(String rack, String state) {
    return World.count(
            "select count(*) from host where rack_id = '%s' and state <> '%s'"
                .formatted(rack, state))
        == 0;
  }

  @Test
  void tenantsAreToldTheStartAndACancelledWindowTakesNothing() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = Site.shared().running(tenant, "planned", "b200.8x");
    String host = hostOf(id);
    String name = World.value("select name from host where id = '%s'".formatted(host));
    String window = plan("HOST", name, START, "P30D").then().statusCode(201).extract().path("id");
    eventually(() -> START.toString().equals(view(tenant, id, "maintenance.at")));
    assertThat(hostState(host)).isEqualTo("DRAINING");

    World.admin()
        .post(WINDOWS + "/" + window + "/cancel")
        .then()
        .statusCode(200)
        .body("state", equalTo("CANCELLED"));

    eventually(() -> hostState(host).equals("ACTIVE"));
    eventually(() -> view(tenant, id, "maintenance") == null);
    awaitState(tenant, id, "RUNNING");
    World.admin().post(WINDOWS + "/" + window + "/cancel").then().statusCode(409);
  }

  @Test
  void aRefusalSaysWhenAWindowGivesRoomBackAndCountsNoHostThatWasCordonedBefore() {
    String site = World.site(3, "");
    World.move(only(site, "id"), "cordon").then().statusCode(200);
    Tenant tenant = World.tenantWithQuota(100);
    String window =
        plan("HALL", site + "-h1", START, "P30D").then().statusCode(201).extract().path("id");
    eventually(() -> allAre(only(site, "rack_id"), "MAINTENANCE"));

    eventually(
        () ->
            (START.plusSeconds(3600) + " MAINTENANCE_WINDOW 2")
                .equals(later(create(tenant, "whole", "b200.8x", site), site)));
    assertThat(later(cluster(tenant, site, 2), site))
        .isEqualTo(START.plusSeconds(3600) + " MAINTENANCE_WINDOW 2");
    assertThat(later(cluster(tenant, site, 3), site)).isEmpty();
    create(tenant, "whole", "b200.8x", site)
        .then()
        .statusCode(409)
        .body(
            "detail",
            containsString(
                "2 of it at %s from %s, when planned maintenance ends"
                    .formatted(site, START.plusSeconds(3600))));
    World.admin().post(WINDOWS + "/" + window + "/cancel").then().statusCode(200);
    eventually(() -> create(tenant, "whole", "b200.8x", site).statusCode() == 202);
  }

  private static Response cluster(Tenant tenant, String site, int hosts) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"name":"gang","instanceType":"b200.8x","instances":%d,"site":"%s"}"""
                .formatted(hosts, site))
        .post(tenant.projectPath() + "/clusters");
  }

  /** What a refusal says of later at a site: time, source and instances. */
  private static String later(Response refused, String site) {
    assertThat(refused.statusCode()).isEqualTo(409);
    List<Map<String, Object>> found =
        refused
            .jsonPath()
            .getList(
                "params.alternatives.findAll { it.kind == 'LATER' && it.site == '%s' }"
                    .formatted(site));
    return found.stream()
        .map(one -> "%s %s %s".formatted(one.get("at"), one.get("source"), one.get("instances")))
        .collect(Collectors.joining(", "));
  }

  @Test
  void aWindowThatTheClockJumpsOverStopsNobody() {
    String site = World.site(1, "");
    String host = only(site, "id");
    String window =
        plan("HALL", site + "-h1", START, "PT1H").then().statusCode(201).extract().path("id");
    World.update(
        """
        update maintenance_window set notice_at = now() - interval '3 hours',
          starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'
        where id = '%s'"""
            .formatted(window.substring(5)));

    eventually(() -> state(window).equals("DONE"));
    assertThat(historyOf(host)).isEqualTo("ACTIVE");
  }

  @Test
  void windowsThatShareHostsMayNotOverlap() {
    String site = World.site(4, "");
    String rack = only(site, "rack_id");
    String window = plan("RACK", rack, START, "PT1H").then().statusCode(201).extract().path("id");

    plan("HALL", site + "-h1", START.plusSeconds(1800), "PT1H")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.maintenanceWindow", equalTo(window));
    plan("HOST", only(site, "name"), START.minusSeconds(1800), "PT1H").then().statusCode(409);
    plan("HALL", site + "-h1", START.plusSeconds(3600), "PT1H").then().statusCode(201);
    World.admin()
        .queryParam("state", "PLANNED")
        .queryParam("pageSize", 1000)
        .get(WINDOWS)
        .then()
        .body("items.id", hasItem(window));
  }

  @Test
  void aBadWindowIsRefusedWithAllItsFields() {
    plan("RACK", "no-such-rack", START, "PT1H")
        .then()
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/target"))
        .body("errors[0].detail", containsString("rack"));
    plan("RACK", "r", Instant.now().minusSeconds(60), "-PT1H")
        .then()
        .statusCode(400)
        .body("errors.pointer", hasItem("/startsAt"))
        .body("errors.pointer", hasItem("/notice"));
    plan("AISLE", "r", START, "PT1H").then().statusCode(400);
    World.admin().get(WINDOWS + "/mwin_none").then().statusCode(404);
  }

  @Test
  void aHostThatComesIntoServiceDuringAWindowIsTakenToo() {
    String site = World.site(1, "");
    String host = only(site, "id");
    World.move(host, "quarantine").then().statusCode(200);
    String window =
        plan("HALL", site + "-h1", START, "P30D").then().statusCode(201).extract().path("id");
    eventually(() -> state(window).equals("DRAINING"));
    assertThat(hostState(host)).isEqualTo("QUARANTINED");

    World.move(host, "release-quarantine").then().statusCode(200);

    eventually(() -> hostState(host).equals("MAINTENANCE"));
    create(World.tenantWithQuota(8), "none", "b200.1x", site).then().statusCode(409);
  }

  @Test
  void aHostThatIsOutOfTheFleetHasNoWindow() {
    String site = World.site(1, "");
    String name = only(site, "name");
    World.move(only(site, "id"), "cordon").then().statusCode(200);
    World.move(only(site, "id"), "retire").then().statusCode(200);

    plan("HOST", name, START, "PT0S")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("errors[0].pointer", equalTo("/target"));
  }

  @Test
  void aStateThatNoWindowHasIsRefused() {
    World.admin()
        .queryParam("state", "FOO")
        .get(WINDOWS)
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("state"))
        .body("errors[0].detail", containsString("PLANNED"));
  }
}
