package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance from its creation to its deletion, with the agent's part played by hand. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class InstanceStoryIT {
  private static final Instant BOOTED =
      Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);
  private static @Nullable String shared;

  private static synchronized String sharedSite() {
    String made = shared;
    if (made == null) {
      made = World.siteWithAgent(40);
      shared = made;
    }
    return made;
  }

  private String site = "";
  private Agent agent = new Agent(site);

  @BeforeEach
  void openSite() {
    site = sharedSite();
    agent = new Agent(site);
  }

  private static String state(Tenant tenant, String id) {
    return tenant.as("viewer").get(tenant.instances() + "/" + id).jsonPath().getString("state");
  }

  private static void awaitState(Tenant tenant, String id, String state) {
    eventually(() -> state.equals(state(tenant, id)));
  }

  private String running(Tenant tenant, String name, String type) {
    String id = create(tenant, name, type, site).then().statusCode(202).extract().path("id");
    JsonNode order = agent.order(id, 1);
    agent.report(order, "BOOTING", BOOTED.minusSeconds(5));
    agent.report(order, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    return id;
  }

  private static List<String> events(String instance, int count) {
    return TestKafka.await(
            "inventory.instances.v1", count, Duration.ofSeconds(30), r -> r.key().equals(instance))
        .stream()
        .map(r -> TestKafka.header(r, "ce_sequence") + " " + TestKafka.header(r, "ce_type"))
        .toList();
  }

  @Test
  void livesFromPendingToDeletedAndGivesItsGpusBack() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "trainer", "b200.8x", site);
    created
        .then()
        .statusCode(202)
        .header("Location", startsWith("/api/v1/operations/op_"))
        .header("Content-Location", containsString("/instances/ins_"))
        .header("ETag", equalTo("\"1\""))
        .body("state", equalTo("PENDING"))
        .body("gpus", equalTo(8))
        .body("project", equalTo(tenant.slug() + ".main"))
        .body("site", equalTo(site));
    String id = created.path("id");
    String operation = created.path("operation");

    JsonNode order = agent.order(id, 1);
    assertThat(order.path("desired").asText()).isEqualTo("RUNNING");
    assertThat(order.path("slots").asText()).isEqualTo("ffffffffffffffff");
    agent.report(order, "BOOTING", BOOTED.minusSeconds(5));
    awaitState(tenant, id, "PROVISIONING");
    agent.report(order, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    tenant
        .as("viewer")
        .get("/api/v1/operations/" + operation)
        .then()
        .statusCode(200)
        .body("state", equalTo("SUCCEEDED"))
        .body("kind", equalTo("CREATE"));
    tenant
        .as("viewer")
        .get("/api/v1/tenants/" + tenant.slug() + "/quota-usage")
        .then()
        .body("items[0].usedGpus", equalTo(8))
        .body("items[0].limitGpus", equalTo(8));

    tenant
        .as("operator")
        .post(tenant.instances() + "/" + id + "/stop")
        .then()
        .statusCode(202)
        .body("state", equalTo("STOPPING"))
        .body("stoppedAt", notNullValue());
    JsonNode absent = agent.order(id, 2);
    assertThat(absent.path("desired").asText()).isEqualTo("ABSENT");
    agent.report(absent, "RELEASED", BOOTED.plusSeconds(60));
    awaitState(tenant, id, "STOPPED");
    assertThat(World.held(tenant)).isZero();

    String run1 = order.path("runId").asText();
    tenant
        .as("operator")
        .header("Idempotency-Key", "start-" + id)
        .post(tenant.instances() + "/" + id + "/start")
        .then()
        .statusCode(202)
        .body("state", equalTo("STARTING"));
    JsonNode again = agent.order(id, 3);
    assertThat(again.path("runId").asText()).isNotEqualTo(run1);
    agent.report(again, "RUNNING", BOOTED.plusSeconds(120));
    awaitState(tenant, id, "RUNNING");

    tenant
        .as("operator")
        .delete(tenant.instances() + "/" + id)
        .then()
        .statusCode(202)
        .body("state", equalTo("DELETING"));
    agent.report(agent.order(id, 4), "RELEASED", BOOTED.plusSeconds(180));
    awaitState(tenant, id, "DELETED");

    assertThat(events(id, 11))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.started",
            "4 instance.stopped",
            "5 instance.released",
            "6 instance.starting",
            "7 instance.started",
            "8 instance.stopped",
            "9 instance.deleting",
            "10 instance.released",
            "11 instance.deleted");
    tenant
        .as("viewer")
        .get(tenant.instances() + "/" + id + "/history")
        .then()
        .statusCode(200)
        .body("items", hasSize(11))
        .body("items.actor", hasItem("operator-" + tenant.slug()));
    tenant.as("viewer").get(tenant.instances()).then().body("items", hasSize(0));
  }

  private static long used(Tenant tenant) {
    return World.held(tenant);
  }

  private static double refused(String reason) {
    return World.metric("gpucloud_reports_refused_total", "reason=\"" + reason + "\"");
  }

  @Test
  void noTimeThatCannotBeIsBilled() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "clockwork", "b200.1x", site).then().extract().path("id");
    JsonNode order = agent.order(id, 1);
    double early = refused("BEFORE_ITS_ORDER");
    agent.report(order, "RUNNING", Instant.parse("2020-01-01T00:00:00Z"));
    eventually(() -> refused("BEFORE_ITS_ORDER") == early + 1);
    double ahead = refused("AHEAD_OF_CLOCK");
    agent.report(order, "RUNNING", Instant.parse("2099-01-01T00:00:00Z"));
    agent.report(order, "FAILED", Instant.parse("2099-01-01T00:00:00Z"));
    eventually(() -> refused("AHEAD_OF_CLOCK") == ahead + 2);
    assertThat(state(tenant, id)).isEqualTo("PENDING");

    agent.report(order, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
  }

  @Test
  void reportsThatMustNotCountAreCountedAndChangeNothing() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "steady", "b200.1x");
    JsonNode first = agent.order(id, 1);
    double otherSite = refused("OTHER_SITE");
    agent.report(first, "FAILED", BOOTED, false, "kr-pangyo-1");
    eventually(() -> refused("OTHER_SITE") == otherSite + 1);
    assertThat(state(tenant, id)).isEqualTo("RUNNING");

    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    JsonNode absent = agent.order(id, 2);
    double old = refused("OLD_ORDER");
    agent.report(first, "RELEASED", BOOTED.plusSeconds(5));
    eventually(() -> refused("OLD_ORDER") == old + 1);
    double dirty = refused("NOT_SCRUBBED");
    agent.report(absent, "RELEASED", BOOTED.plusSeconds(6), false, site);
    eventually(() -> refused("NOT_SCRUBBED") == dirty + 1);
    assertThat(state(tenant, id)).isEqualTo("DELETING");
    assertThat(used(tenant)).isEqualTo(8);

    agent.report(absent, "RELEASED", BOOTED.plusSeconds(7));
    awaitState(tenant, id, "DELETED");
    assertThat(used(tenant)).isZero();
    Checker.check();
  }

  @Test
  void anInstanceDeletedWhileItBootsNeverStarts() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "brief", "b200.1x", site).path("id");
    JsonNode first = agent.order(id, 1);
    agent.report(first, "BOOTING", BOOTED);
    awaitState(tenant, id, "PROVISIONING");
    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    tenant
        .as("operator")
        .delete(tenant.instances() + "/" + id)
        .then()
        .statusCode(202)
        .body("state", equalTo("DELETING"));
    agent.report(first, "RUNNING", BOOTED.plusSeconds(1));
    agent.report(agent.order(id, 2), "RELEASED", BOOTED.plusSeconds(2));
    awaitState(tenant, id, "DELETED");

    assertThat(events(id, 5))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.deleting",
            "4 instance.released",
            "5 instance.deleted");
    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(409);
  }

  @Test
  void anUnansweredOrderIsSentAgain() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "patient", "b200.1x", site).path("id");
    agent.order(id, 1);
    World.update(
        "update instance set order_sent_at = now() - interval '1 hour' where id = '%s'"
            .formatted(id.substring(4)));

    JsonNode again = agent.order(id, 2);
    assertThat(again.path("desired").asText()).isEqualTo("RUNNING");
    agent.report(agent.order(id, 1), "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
  }

  @Test
  void whatWaitsForASilentHostGoesOnWithoutItAndItsSlicesStayFenced() {
    Tenant tenant = World.tenantWithQuota(8);
    Instant before = Instant.now();
    String id = running(tenant, "orphan", "b200.8x");
    String host =
        World.value("select host_id from instance where id = '%s'".formatted(id.substring(4)));
    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    JsonNode absent = agent.order(id, 2);
    World.silence(host, before);
    World.update(
        "update instance set desired_since = now() - interval '1 hour' where id = '%s'"
            .formatted(id.substring(4)));

    awaitState(tenant, id, "DELETED");
    assertThat(used(tenant)).isZero();
    assertThat(World.value("select state from host where id = '%s'".formatted(host)))
        .isEqualTo("QUARANTINED");
    assertThat(count("select free_mask from host where id = '%s'".formatted(host))).isZero();
    Checker.check();
    World.move(host, "release-quarantine")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));

    agent.report(absent, "RELEASED", BOOTED.plusSeconds(60));
    eventually(() -> count("select free_mask from host where id = '%s'".formatted(host)) == -1L);
    World.move(host, "release-quarantine").then().statusCode(200);
    Checker.check();
  }

  @Test
  void editsNeedTheVersionTheyAreBasedOn() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "named", "b200.1x", site);
    String path = tenant.instances() + "/" + created.path("id");
    String body = "{\"name\":\"renamed\",\"labels\":{\"team\":\"vision\"}}";

    edit(tenant, path, null, body).then().statusCode(428);
    edit(tenant, path, "\"99\"", body).then().statusCode(412);
    edit(tenant, path, created.header("ETag"), body)
        .then()
        .statusCode(200)
        .body("name", equalTo("renamed"))
        .body("labels.team", equalTo("vision"))
        .header("ETag", equalTo("\"2\""));
    create(tenant, "taken", "b200.1x", site).then().statusCode(202);
    edit(tenant, path, "\"2\"", "{\"name\":\"taken\"}")
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"));
    assertThat(events(created.jsonPath().getString("id"), 2))
        .last()
        .isEqualTo("2 instance.updated");
  }

  private static Response edit(Tenant tenant, String path, String ifMatch, String body) {
    var request = tenant.as("operator").contentType("application/json").body(body);
    return (ifMatch == null ? request : request.header("If-Match", ifMatch)).patch(path);
  }

  @Test
  void billingLearnsHowFarEachInstancesEventsGo() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "metered", "b200.1x");
    String path =
        "/internal/v1/metering/positions?tenant=ten_%s&before=%s"
            .formatted(tenant.id(), Instant.now().plusSeconds(3600));

    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path)
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].instanceId", equalTo(id))
        .body("items[0].lastSequence", equalTo(3));
    tenant.as("owner").get(path).then().statusCode(403);
    var billing = World.withToken(TestTokens.user("billing", "billing-service", "service"));
    billing.get(path + "&known=3").then().statusCode(200).body("items", hasSize(0));
    billing.get(path + "&known=2").then().statusCode(200).body("items.instanceId", contains(id));
    billing
        .get(path + "&known=3&known=4")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("known"));
    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path + "&since=" + Instant.now().plusSeconds(1800))
        .then()
        .statusCode(200)
        .body("items.instanceId", contains(id));
    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    agent.report(agent.order(id, 2), "RELEASED", BOOTED.plusSeconds(7));
    awaitState(tenant, id, "DELETED");
    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path + "&since=" + Instant.now().plusSeconds(1800))
        .then()
        .statusCode(200)
        .body("items", empty());
    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path + "&since=yesterday")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("since"));

    Tenant other = World.tenantWithQuota(8);
    String theirs = running(other, "metered", "b200.1x");
    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path + "&tenant=ten_" + other.id())
        .then()
        .statusCode(200)
        .body("items.instanceId", containsInAnyOrder(id, theirs))
        .body(
            "items.find { it.instanceId == '%s' }.tenantId".formatted(theirs),
            equalTo("ten_" + other.id()));
    World.withToken(TestTokens.user("billing", "billing-service", "service"))
        .get(path + "&tenant=ten_1".repeat(50))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("tenant"));
  }
}
