package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An instance from its creation to its deletion, with the agent's part played by hand. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class InstanceStoryIT {
  private static final Instant BOOTED = Instant.parse("2026-11-02T01:00:00Z");
  private static final String GASAN = "kr-seoul-gasan";

  /** Orders and reports travel on the topics of a real site. */
  private static synchronized void gasan() {
    if (count("select count(*) from site where id = '" + GASAN + "'") == 0) {
      World.importFleet(World.fleet(GASAN, 40, "")).then().statusCode(200);
    }
    World.awaitPool(GASAN, World.MODEL);
  }

  private final Agent agent = new Agent(GASAN);

  private static String state(Tenant tenant, String id) {
    return tenant.as("viewer").get(tenant.instances() + "/" + id).jsonPath().getString("state");
  }

  private static void awaitState(Tenant tenant, String id, String state) {
    eventually(() -> state.equals(state(tenant, id)));
  }

  private String running(Tenant tenant, String name, String type) {
    String id = create(tenant, name, type, GASAN).then().statusCode(202).extract().path("id");
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
    gasan();
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "trainer", "b200.8x", GASAN);
    created
        .then()
        .statusCode(202)
        .header("Location", startsWith("/api/v1/operations/op_"))
        .header("Content-Location", containsString("/instances/ins_"))
        .header("ETag", equalTo("\"1\""))
        .body("state", equalTo("PENDING"))
        .body("gpus", equalTo(8))
        .body("project", equalTo(tenant.slug() + ".main"))
        .body("site", equalTo(GASAN));
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
    assertThat(count("select used_slices from quota_usage where tenant_id = '" + tenant.id() + "'"))
        .isZero();

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
}
