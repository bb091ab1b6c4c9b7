package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reboot, resize and move: the run goes on, and nothing is held twice. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class ReshapeIT {
  private static final Instant BOOTED =
      Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static @Nullable String site;

  private static Agent agent() {
    return new Agent(site());
  }

  private static synchronized String site() {
    if (site == null) {
      site = World.siteWithAgent(20);
    }
    return site;
  }

  private static JsonNode view(Tenant tenant, String id) {
    try {
      return JSON.readTree(tenant.as("viewer").get(tenant.instances() + "/" + id).asString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void awaitState(Tenant tenant, String id, String state) {
    eventually(() -> state.equals(view(tenant, id).path("state").asText()));
  }

  private static void awaitType(Tenant tenant, String id, String type) {
    eventually(() -> type.equals(view(tenant, id).path("instanceType").asText()));
  }

  private static long used(Tenant tenant) {
    return count("select used_slices from quota_usage where tenant_id = '" + tenant.id() + "'");
  }

  private String running(Tenant tenant, String name, String type) {
    String id = create(tenant, name, type, site()).then().statusCode(202).extract().path("id");
    agent().report(agent().order(id, 1), "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    return id;
  }

  private static Response act(Tenant tenant, String id, String action) {
    return tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(tenant.instances() + "/" + id + "/" + action);
  }

  private static ValidatableResponse resize(Tenant tenant, String id, String type) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"instanceType\":\"%s\"}".formatted(type))
        .post(tenant.instances() + "/" + id + "/resize")
        .then();
  }

  private static ValidatableResponse move(Tenant tenant, String id, String project) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .body("{\"project\":\"%s\"}".formatted(project))
        .post(tenant.instances() + "/" + id + "/move")
        .then();
  }

  private static String operation(Tenant tenant, String operation) {
    return tenant
        .as("viewer")
        .get("/api/v1/operations/" + operation)
        .then()
        .statusCode(200)
        .extract()
        .path("state");
  }

  private static List<String> metered(String instance, int events) {
    return TestKafka.await(
            "inventory.instances.v1",
            events,
            Duration.ofSeconds(30),
            r -> r.key().equals(instance) && TestKafka.header(r, "ce_type").endsWith("resized"))
        .stream()
        .map(r -> r.value())
        .toList();
  }

  @Test
  void aRebootKeepsRunGpusAndBillingAndEndsItsOperation() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "again", "b200.1x");
    String run = view(tenant, id).path("runId").asText();
    Response asked = act(tenant, id, "reboot");
    asked
        .then()
        .statusCode(202)
        .header("Location", startsWith("/api/v1/operations/op_"))
        .body("state", equalTo("RUNNING"));
    act(tenant, id, "reboot").then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));

    JsonNode order = agent().order(id, 2);
    assertThat(order.path("bootGeneration").asInt()).isEqualTo(1);
    assertThat(order.path("runId").asText()).isEqualTo(run);
    agent().report(order, "REBOOTING", BOOTED.plusSeconds(60));
    agent().report(order, "RUNNING", BOOTED.plusSeconds(70));

    eventually(() -> "SUCCEEDED".equals(operation(tenant, asked.path("operation"))));
    assertThat(view(tenant, id).path("startedAt").asText()).isEqualTo(BOOTED.toString());
    assertThat(view(tenant, id).path("runId").asText()).isEqualTo(run);
    tenant
        .as("viewer")
        .get(tenant.instances() + "/" + id + "/history")
        .then()
        .body("items.type", hasItem("instance.rebooted"));
    Checker.check();
  }

  @Test
  void aRebootThatIsNotAnsweredIsOrderedAgainAndAStopEndsIt() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "unheard", "b200.1x");
    String reboot = act(tenant, id, "reboot").then().statusCode(202).extract().path("operation");
    agent().order(id, 2);
    World.update(
        "update instance set order_sent_at = now() - interval '1 hour' where id = '%s'"
            .formatted(id.substring(4)));
    assertThat(agent().order(id, 3).path("bootGeneration").asInt()).isEqualTo(1);

    act(tenant, id, "stop").then().statusCode(202);
    tenant
        .as("viewer")
        .get("/api/v1/operations/" + reboot)
        .then()
        .body("state", equalTo("FAILED"))
        .body("reason", equalTo("SUPERSEDED"));
    agent().report(agent().order(id, 4), "RELEASED", BOOTED.plusSeconds(90));
    awaitState(tenant, id, "STOPPED");
    act(tenant, id, "reboot").then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
  }

  @Test
  void growsAndShrinksOnItsHostAndQuotaFollows() throws Exception {
    Tenant tenant = World.tenantWithQuota(4);
    String alone = World.siteWithAgent(1);
    Agent agent = new Agent(alone);
    String id = create(tenant, "elastic", "b200.1x", alone).then().extract().path("id");
    JsonNode first = agent.order(id, 1);
    agent.report(first, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    resize(tenant, id, "b200.8x").statusCode(409).body("code", equalTo("QUOTA_EXCEEDED"));
    assertThat(view(tenant, id).path("instanceType").asText()).isEqualTo("b200.1x");
    Checker.check();

    resize(tenant, id, "b200.4x")
        .statusCode(202)
        .body("instanceType", equalTo("b200.1x"))
        .body("resizingTo", equalTo("b200.4x"));
    assertThat(used(tenant)).isEqualTo(32);
    Checker.check();
    JsonNode grown = agent.order(id, 2);
    assertThat(grown.path("hostId")).isEqualTo(first.path("hostId"));
    assertThat(grown.path("runId")).isEqualTo(first.path("runId"));
    long before = Long.parseUnsignedLong(first.path("slots").asText(), 16);
    long after = Long.parseUnsignedLong(grown.path("slots").asText(), 16);
    assertThat(after & before).isEqualTo(before);
    assertThat(Long.bitCount(after)).isEqualTo(32);
    agent.report(grown, "RUNNING", BOOTED.plusSeconds(100));
    awaitType(tenant, id, "b200.4x");
    Checker.check();

    resize(tenant, id, "b200.1x").statusCode(202);
    JsonNode shrunk = agent.order(id, 3);
    assertThat(used(tenant)).isEqualTo(32);
    agent.report(shrunk, "RUNNING", BOOTED.plusSeconds(200));
    awaitType(tenant, id, "b200.1x");
    eventually(() -> used(tenant) == 8);
    Checker.check();

    List<String> resized = metered(id, 2);
    assertThat(resized).hasSize(2);
    JsonNode fact = JSON.readTree(resized.getFirst());
    assertThat(fact.path("at").asText()).isEqualTo(BOOTED.plusSeconds(100).toString());
    assertThat(fact.path("gpus").asInt()).isEqualTo(4);
    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    agent.report(agent.order(id, 4), "RELEASED", BOOTED.plusSeconds(300));
    awaitState(tenant, id, "DELETED");
    tenant
        .as("viewer")
        .get(tenant.instances() + "/" + id + "/history")
        .then()
        .body("items.find { it.type == 'instance.released' }.scrubbed", equalTo(true));
    assertThat(used(tenant)).isZero();
    Checker.check();
  }

  @Test
  void withoutRoomOnItsHostItStaysAsItWasAndLearnsWhatToDo() {
    Tenant tenant = World.tenantWithQuota(64);
    String id = running(tenant, "boxed-in", "b200.4x");
    String free =
        "select bit_count(cast(h.free_mask as bit(64))) from host h join instance i"
            + " on i.host_id = h.id where i.id = '%s'".formatted(id.substring(4));
    for (int n = 0; n < 12 && count(free) >= 32; n++) {
      create(tenant, "neighbour-" + n, "b200.4x", site()).then().statusCode(202);
    }
    assertThat(count(free)).isLessThan(32);
    long usedBefore = used(tenant);

    resize(tenant, id, "b200.8x")
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("params.remedy", equalTo("STOP_RESIZE_START"))
        .body("params.sitesWithRoom", hasItem(site()));
    assertThat(view(tenant, id).path("state").asText()).isEqualTo("RUNNING");
    assertThat(view(tenant, id).path("instanceType").asText()).isEqualTo("b200.4x");
    assertThat(used(tenant)).isEqualTo(usedBefore);
    Checker.check();
  }

  @Test
  void aStoppedInstanceStartsInItsNewType() {
    Tenant tenant = World.tenantWithQuota(4);
    String id = running(tenant, "resting", "b200.1x");
    act(tenant, id, "stop").then().statusCode(202);
    resize(tenant, id, "b200.4x").statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    agent().report(agent().order(id, 2), "RELEASED", BOOTED.plusSeconds(60));
    awaitState(tenant, id, "STOPPED");

    resize(tenant, id, "b200.mig-3g").statusCode(202).body("migProfile", equalTo("3g.90gb"));
    Response asked =
        resize(tenant, id, "b200.4x")
            .statusCode(202)
            .body("instanceType", equalTo("b200.4x"))
            .extract()
            .response();
    assertThat(operation(tenant, asked.path("operation"))).isEqualTo("SUCCEEDED");
    act(tenant, id, "start").then().statusCode(202);
    assertThat(agent().order(id, 3).path("gpus").asInt()).isEqualTo(4);
    assertThat(used(tenant)).isEqualTo(32);
    Checker.check();
  }

  @Test
  void refusesTypesThatAreNoneOrAnotherModelsOrItsOwn() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = running(tenant, "picky", "b200.1x");
    resize(tenant, id, "b200.64x")
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("errors[0].pointer", equalTo("/instanceType"));
    resize(tenant, id, "b200.1x")
        .statusCode(422)
        .body("code", equalTo("UNPROCESSABLE"))
        .body("params.validInstanceTypes", hasItem("b200.4x"));
    resize(tenant, id, "b200.mig-3g")
        .statusCode(409)
        .body("params.remedy", equalTo("STOP_RESIZE_START"));
    tenant
        .as("operator")
        .contentType("application/json")
        .body("{\"instanceType\":\"b200.4x\"}")
        .post(tenant.instances() + "/" + id + "/resize")
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
  }

  @Test
  void movesBetweenProjectsOfItsTenantAndNowhereElse() {
    Tenant tenant = World.tenantWithQuota(8);
    Tenant research = World.project(tenant, "research");
    Tenant foreign = World.tenant();
    String id = running(tenant, "mover", "b200.1x");
    String run = view(tenant, id).path("runId").asText();

    move(tenant, id, "prj_" + foreign.project())
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"));
    move(tenant, id, foreign.slug() + ".main").statusCode(422);
    move(tenant, id, tenant.slug() + ".main")
        .statusCode(422)
        .body("code", equalTo("UNPROCESSABLE"));
    move(foreign, id, tenant.slug() + ".research").statusCode(404);

    String path = "/api/v1/projects/" + tenant.slug() + ".research/instances/";
    move(tenant, id, tenant.slug() + ".research")
        .statusCode(200)
        .header("Content-Location", containsString("prj_" + research.project()))
        .body("project", equalTo(tenant.slug() + ".research"));
    tenant.as("viewer").get(tenant.instances() + "/" + id).then().statusCode(404);
    tenant
        .as("viewer")
        .get(path + "mover")
        .then()
        .statusCode(200)
        .body("runId", equalTo(run))
        .body("state", equalTo("RUNNING"));

    create(tenant, "mover", "b200.1x", site()).then().statusCode(202);
    move(tenant, "mover", tenant.slug() + ".research")
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"))
        .body("errors[0].pointer", equalTo("/project"));
    Checker.check();
  }
}
