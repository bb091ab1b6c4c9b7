package dev.gpucloud.inventory.volume;

import static dev.gpucloud.inventory.fixture.EquippedSite.agent;
import static dev.gpucloud.inventory.fixture.EquippedSite.awaitState;
import static dev.gpucloud.inventory.fixture.EquippedSite.create;
import static dev.gpucloud.inventory.fixture.EquippedSite.declare;
import static dev.gpucloud.inventory.fixture.EquippedSite.full;
import static dev.gpucloud.inventory.fixture.EquippedSite.path;
import static dev.gpucloud.inventory.fixture.EquippedSite.site;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Volumes over the life of what uses them, until their site says that they are gone. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class VolumeIT {
  private static final Instant BOOTED =
      Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

  @BeforeEach
  void oneSiteHasVolumes() {
    assertThat(site()).isNotEmpty();
  }

  private static Response volume(Tenant tenant, String at) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"name\":\"datasets\",\"site\":\"%s\",\"sizeGib\":2000}".formatted(at))
        .post(tenant.projectPath() + "/volumes");
  }

  private static Response attach(Tenant tenant, String volume, String instance) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .body("{\"instance\":\"%s\"}".formatted(instance))
        .post(tenant.projectPath() + "/volumes/" + volume + "/attach");
  }

  private static String running(Tenant tenant, String name) {
    String id = create(tenant, name, site(), full()).then().statusCode(202).extract().path("id");
    agent().report(agent().order(id, 1), "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    return id;
  }

  private static Response start(Tenant tenant, String id) {
    return tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(path(tenant, id) + "/start");
  }

  private static JsonPath volumes(Tenant tenant) {
    return tenant.as("viewer").get(tenant.projectPath() + "/volumes").jsonPath();
  }

  private static void awaitVolume(Tenant tenant, String volume, String state) {
    String path = tenant.projectPath() + "/volumes/" + volume;
    eventually(() -> state.equals(tenant.as("viewer").get(path).jsonPath().getString("state")));
  }

  @Test
  void volumesOutliveStopsAndInstancesAndAreUsedByOneAtATime() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "keeper");
    String volume =
        volume(tenant, site())
            .then()
            .statusCode(201)
            .body("state", equalTo("AVAILABLE"))
            .extract()
            .path("id");
    attach(tenant, volume, id)
        .then()
        .statusCode(200)
        .body("state", equalTo("IN_USE"))
        .body("instance", equalTo(id));
    assertThat(agent().order(id, 2).path("setup").path("volumes")).hasSize(3);
    attach(tenant, volume, id).then().statusCode(409);
    attach(tenant, volume, "nobody").then().statusCode(422);
    String path = tenant.projectPath() + "/volumes/" + volume;
    tenant.as("operator").delete(path).then().statusCode(409);
    World.tenant().as("viewer").get(path).then().statusCode(404);

    tenant.as("operator").post(path(tenant, id) + "/stop").then().statusCode(202);
    agent().report(agent().order(id, 3), "RELEASED", BOOTED.plusSeconds(60));
    awaitState(tenant, id, "STOPPED");
    tenant.as("viewer").get(path).then().body("state", equalTo("IN_USE"));
    tenant.as("operator").post(path + "/detach").then().statusCode(200);
    tenant.as("operator").post(path + "/detach").then().statusCode(409);
    String boot =
        tenant
            .as("viewer")
            .get(tenant.projectPath() + "/volumes")
            .jsonPath()
            .getString("items.find { it.boot }.id");
    tenant
        .as("operator")
        .post(tenant.projectPath() + "/volumes/" + boot + "/detach")
        .then()
        .statusCode(409);

    tenant.as("operator").delete(path(tenant, id)).then().statusCode(202);
    awaitState(tenant, id, "DELETED");
    assertThat(volumes(tenant).getString("items.find { it.name == 'data' }.state"))
        .isEqualTo("AVAILABLE");
    assertThat(volumes(tenant).getString("items.find { it.name == 'datasets' }.state"))
        .isEqualTo("AVAILABLE");
  }

  @Test
  void oneThatGoesWithItsInstanceIsGoneWhenItsSiteSaysSo() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "short-lived");
    tenant.as("operator").delete(path(tenant, id)).then().statusCode(202);
    agent().report(agent().order(id, 2), "RELEASED", BOOTED.plusSeconds(60));
    awaitState(tenant, id, "DELETED");

    JsonPath left = volumes(tenant);
    assertThat(left.getString("items.find { it.name == 'data' }.state")).isEqualTo("AVAILABLE");
    assertThat(left.getString("items.find { it.boot }.state")).isEqualTo("DELETING");
    String boot = left.getString("items.find { it.boot }.id");
    JsonNode order = agent().volumeOrder(boot);
    assertThat(order.path("desired").asText()).isEqualTo("ABSENT");
    assertThat(order.path("site").asText()).isEqualTo(site());
    assertThat(order.path("orderSequence").asLong()).isEqualTo(1);
    agent().gone(order, BOOTED.plusSeconds(70));
    awaitVolume(tenant, boot, "DELETED");
    assertThat(volumes(tenant).getList("items.name")).containsExactly("data");
  }

  @Test
  void oneIsDeletingUntilItsOwnSiteAnswersTheOrderAndIsOrderedAgainMeanwhile() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "user");
    String volume = volume(tenant, site()).path("id");
    String path = tenant.projectPath() + "/volumes/" + volume;
    Response deleting = tenant.as("operator").delete(path);
    deleting.then().statusCode(202).body("state", equalTo("DELETING"));
    tenant
        .as("operator")
        .header("If-Match", deleting.header("ETag"))
        .delete(path)
        .then()
        .statusCode(202)
        .header("ETag", equalTo(deleting.header("ETag")));
    attach(tenant, volume, id)
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.state", equalTo("DELETING"));
    tenant.as("operator").post(path + "/detach").then().statusCode(409);

    JsonNode order = agent().volumeOrder(volume);
    String other = World.siteWithAgent(1);
    new Agent(other).gone(order, BOOTED);
    agent().gone(((ObjectNode) order.deepCopy()).put("orderSequence", 2), BOOTED);
    eventually(() -> World.metric("gpucloud_volumes_reports_refused_total", "NOT_ASKED_FOR") >= 2);
    awaitVolume(tenant, volume, "DELETING");

    World.update(
        "update volume set order_due_at = now() where id = '%s'".formatted(volume.substring(4)));
    assertThat(agent().volumeOrders(volume, 2)).containsExactly(order, order);
    agent().gone(order, BOOTED);
    awaitVolume(tenant, volume, "DELETED");
    tenant.as("operator").delete(path).then().statusCode(404);
    attach(tenant, volume, id).then().statusCode(404);
    World.tenant().as("viewer").get(path).then().statusCode(404);
  }

  @Test
  void volumesStandAtASite() {
    String bare = World.site(1, "");
    Tenant tenant = World.tenantWithQuota(8);
    volume(tenant, bare).then().statusCode(422).body("params.sitesWithIt", hasItem(site()));
    tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"name\":\"nowhere\",\"instanceType\":\"b200.1x\",\"bootVolumeGib\":100}")
        .post(tenant.instances())
        .then()
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/site"));
    create(tenant, "both", bare, full())
        .then()
        .statusCode(422)
        .body("errors.pointer", hasItem("/bootVolumeGib"))
        .body("errors.pointer", hasItem("/volumes"));
    String id = create(tenant, "elsewhere", bare, "").path("id");
    String volume = volume(tenant, site()).path("id");
    attach(tenant, volume, id).then().statusCode(409).body("params.volumeSite", equalTo(site()));
  }

  @Test
  void aVolumeIsNowhereWhereItsTenantMayNotBe() {
    Tenant abroad = World.tenant("EXTERNAL", null, ",\"residency\":{\"country\":\"JP\"}");
    volume(abroad, site())
        .then()
        .statusCode(422)
        .body("code", equalTo("UNPROCESSABLE"))
        .body("errors[0].pointer", equalTo("/site"))
        .body("params.constraint", equalTo("COUNTRY"))
        .body("params.openSites", not(hasItem(site())));
    String theirs = World.site(1, ",\"dedicatedTo\":\"sk-hynix\"");
    volume(World.tenant(), theirs)
        .then()
        .statusCode(422)
        .body("params.constraint", equalTo("DEDICATION"))
        .body("params.openSites", hasItem(site()))
        .body("params.openSites", not(hasItem(theirs)));
    volume(abroad, "nowhere")
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("params.validSites", not(hasItem(site())));
  }

  @Test
  void whereTheDriverHasVolumesNoMoreNothingIsAttached() {
    String at = World.siteWithAgent(1);
    declare(at, "VOLUMES", "CONSOLE_LOG");
    Tenant tenant = World.tenantWithQuota(8);
    String volume = volume(tenant, at).then().statusCode(201).extract().path("id");
    String id = create(tenant, "late", at, "").then().statusCode(202).extract().path("id");
    String kept = create(tenant, "keeps", at, ",\"bootVolumeGib\":100").path("id");
    Agent its = new Agent(at);
    for (String one : List.of(id, kept)) {
      its.report(its.order(one, 1), "RUNNING", BOOTED);
      awaitState(tenant, one, "RUNNING");
      tenant.as("operator").post(path(tenant, one) + "/stop").then().statusCode(202);
      its.report(its.order(one, 2), "RELEASED", BOOTED.plusSeconds(60));
      awaitState(tenant, one, "STOPPED");
    }
    declare(at, "CONSOLE_LOG", "IMAGE");
    eventually(() -> volume(tenant, at).statusCode() == 422);

    attach(tenant, volume, "late")
        .then()
        .statusCode(409)
        .body("params.capability", equalTo("VOLUMES"));
    start(tenant, kept).then().statusCode(409).body("params.capability", equalTo("VOLUMES"));
    start(tenant, id).then().statusCode(202);
  }
}
