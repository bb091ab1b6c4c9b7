package dev.gpucloud.inventory.hosts;

import static dev.gpucloud.inventory.fixture.Site.awaitState;
import static dev.gpucloud.inventory.fixture.Site.events;
import static dev.gpucloud.inventory.fixture.Site.historyOf;
import static dev.gpucloud.inventory.fixture.Site.hostOf;
import static dev.gpucloud.inventory.fixture.Site.hostState;
import static dev.gpucloud.inventory.fixture.Site.view;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts that are emptied, moved and retired, with the agent's part played by hand. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class DrainIT {
  private Site site = new Site("");
  private Agent agent = new Agent("");

  @BeforeEach
  void openSite() {
    site = Site.shared();
    agent = site.agent();
  }

  private static Response drain(String host, Instant deadline, String goal) {
    return World.admin()
        .contentType("application/json")
        .body(
            "{\"deadline\":\"%s\",\"reason\":\"new fans\",\"goal\":\"%s\"}"
                .formatted(deadline, goal))
        .post("/api/v1/admin/hosts/hst_" + host + "/drain");
  }

  private static Instant inAnHour() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3600);
  }

  /** As if the business clock had reached the deadline. */
  private static Instant letDeadlinePass(String host) {
    Instant deadline = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
    World.update(
        "update host_drain set deadline = '%s' where host_id = '%s' and state = 'OPEN'"
            .formatted(deadline, host));
    return deadline;
  }

  @Test
  void aDrainTellsTheTenantThenStopsWhatIsLeftAtTheDeadlineAndTheHostIsInMaintenance() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = site.running(tenant, "steady", "b200.8x");
    String host = hostOf(id);
    Instant announced = inAnHour();

    drain(host, announced, "MAINTENANCE")
        .then()
        .statusCode(200)
        .body("state", equalTo("OPEN"))
        .body("goal", equalTo("MAINTENANCE"))
        .body("instancesLeft", equalTo(1));
    assertThat(hostState(host)).isEqualTo("DRAINING");
    assertThat(view(tenant, id, "maintenance.at")).isEqualTo(announced.toString());
    assertThat(view(tenant, id, "maintenance.reason")).isEqualTo("HOST_MAINTENANCE");
    assertThat(view(tenant, id, "state")).isEqualTo("RUNNING");

    letDeadlinePass(host);
    awaitState(tenant, id, "STOPPING");
    assertThat(view(tenant, id, "reason")).isEqualTo("HOST_MAINTENANCE");
    assertThat(view(tenant, id, "maintenance")).isNull();
    JsonNode absent = agent.order(id, 2);
    assertThat(absent.path("desired").asText()).isEqualTo("ABSENT");
    assertThat(hostState(host)).isEqualTo("DRAINING");

    agent.report(absent, "RELEASED", Instant.now());
    awaitState(tenant, id, "STOPPED");
    eventually(() -> hostState(host).equals("MAINTENANCE"));
    assertThat(events(id, 7))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.started",
            "4 instance.maintenance-scheduled",
            "5 instance.maintenance-scheduled",
            "6 instance.stopped",
            "7 instance.released");
    World.admin()
        .get("/api/v1/admin/hosts/hst_" + host + "/drain")
        .then()
        .body("state", equalTo("DONE"))
        .body("instancesLeft", equalTo(0));
    World.move(host, "end-maintenance").then().statusCode(200).body("state", equalTo("ACTIVE"));
    assertThat(historyOf(host)).endsWith("ACTIVE DRAINING MAINTENANCE ACTIVE");
    Checker.check();
  }

  @Test
  void whoStopsAndStartsBeforeTheDeadlineLandsElsewhere() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = site.running(tenant, "mover", "b200.8x");
    String host = hostOf(id);
    drain(host, inAnHour(), "MAINTENANCE").then().statusCode(200);

    tenant.as("operator").post(tenant.instances() + "/" + id + "/stop").then().statusCode(202);
    agent.report(agent.order(id, 2), "RELEASED", Instant.now());
    awaitState(tenant, id, "STOPPED");
    eventually(() -> hostState(host).equals("MAINTENANCE"));
    tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(tenant.instances() + "/" + id + "/start")
        .then()
        .statusCode(202);

    assertThat(hostOf(id)).isNotEqualTo(host);
    World.move(host, "end-maintenance").then().statusCode(200);
  }

  @Test
  void aDrainThatIsCalledOffTellsTheTenantAndTheHostIsOpenAgain() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = site.running(tenant, "relieved", "b200.8x");
    String host = hostOf(id);
    drain(host, inAnHour(), "RETIREMENT").then().statusCode(200);
    assertThat(view(tenant, id, "maintenance.reason")).isEqualTo("HOST_RETIREMENT");

    World.move(host, "cancel-drain").then().statusCode(200).body("state", equalTo("CANCELLED"));

    assertThat(hostState(host)).isEqualTo("ACTIVE");
    assertThat(view(tenant, id, "maintenance")).isNull();
    assertThat(events(id, 5))
        .endsWith("4 instance.maintenance-scheduled", "5 instance.maintenance-cancelled");
    World.move(host, "cancel-drain")
        .then()
        .statusCode(409)
        .body("params.state", equalTo("ACTIVE"))
        .body("params.allowed", hasItems("cordon", "drain", "quarantine"));
  }

  @Test
  void whatBootsAtTheDeadlineBootsOnAnotherHost() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "late", "b200.8x", site.id()).path("id");
    JsonNode first = agent.order(id, 1);
    String host = hostOf(id);
    drain(host, inAnHour(), "MAINTENANCE").then().statusCode(200);
    letDeadlinePass(host);

    JsonNode gone = agent.order(id, 2);
    JsonNode second = agent.order(id, 3);
    assertThat(gone.path("runId")).isEqualTo(first.path("runId"));
    assertThat(second.path("hostId").asText()).isNotEqualTo("hst_" + host);
    agent.report(gone, "RELEASED", Instant.now());
    agent.report(second, "RUNNING", Instant.now());
    awaitState(tenant, id, "RUNNING");
    eventually(() -> hostState(host).equals("MAINTENANCE"));
    World.move(host, "end-maintenance").then().statusCode(200);
    Checker.check();
  }

  @Test
  void nothingLandsOnAHostAfterItsDrainHoweverTheyRace() throws Exception {
    String place = World.site(1, "");
    String host = World.value("select id from host where site_id = '" + place + "'");
    Tenant tenant = World.tenantWithQuota(8);
    List<Callable<Integer>> asked = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      String name = "racer-" + n;
      asked.add(
          n == 4
              ? () -> drain(host, inAnHour(), "MAINTENANCE").statusCode()
              : () -> create(tenant, name, "b200.1x", place).statusCode());
    }

    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
      for (Future<Integer> answer : threads.invokeAll(asked)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers.remove(4)).isEqualTo(200);
    assertThat(answers).isSubsetOf(202, 409);
    assertThat(World.count("select count(*) from allocation where host_id = '%s'".formatted(host)))
        .isEqualTo(answers.stream().filter(answer -> answer == 202).count());
    assertThat(
            World.count(
                """
                select count(*) from allocation a
                join host_history y on y.host_id = a.host_id and y.to_state = 'DRAINING'
                where a.host_id = '%s' and a.held_from > y.recorded_at"""
                    .formatted(host)))
        .isZero();
    create(tenant, "after", "b200.1x", place).then().statusCode(409);
    Checker.check();
  }

  @Test
  void aHostDrainedForRetirementIsGoneForEverAndAllowsNothing() {
    String place = World.site(1, "");
    String host = World.value("select id from host where site_id = '" + place + "'");
    drain(host, inAnHour(), "RETIREMENT").then().statusCode(200);
    eventually(() -> hostState(host).equals("RETIRED"));

    for (String action : new String[] {"cordon", "uncordon", "quarantine", "retire"}) {
      World.move(host, action)
          .then()
          .statusCode(409)
          .body("code", equalTo("STATE_CONFLICT"))
          .body("params.state", equalTo("RETIRED"))
          .body("params.allowed.size()", equalTo(0));
    }
    drain(host, inAnHour(), "MAINTENANCE").then().statusCode(409);
    World.admin()
        .queryParam("pageSize", 2)
        .get("/api/v1/admin/hosts/hst_" + host + "/history")
        .then()
        .body("items[0].from", nullValue())
        .body("items[0].to", equalTo("ACTIVE"))
        .body("items[0].reason", equalTo("IMPORTED"))
        .body("items[1].to", equalTo("DRAINING"))
        .body("items[1].actor", equalTo("platform-admin"))
        .body("items[1].reason", equalTo("new fans"));
    assertThat(historyOf(host)).isEqualTo("ACTIVE DRAINING RETIRED");
  }

  @Test
  void aHostWithInstancesIsNotRetired() {
    Tenant tenant = World.tenantWithQuota(8);
    String host = hostOf(site.running(tenant, "holder", "b200.8x"));
    World.move(host, "cordon").then().statusCode(200);

    World.move(host, "retire").then().statusCode(409).body("params.slices.held", equalTo(1));

    World.move(host, "uncordon").then().statusCode(200);
  }

  @Test
  void aBadDrainIsRefusedWithItsField() {
    String place = World.site(1, "");
    String host = World.value("select id from host where site_id = '" + place + "'");
    drain(host, Instant.now().minusSeconds(60), "MAINTENANCE")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/deadline"));
    drain(host, Instant.now().plus(400, ChronoUnit.DAYS), "MAINTENANCE").then().statusCode(400);
    drain(host, inAnHour(), "DEMOLITION").then().statusCode(400);
    World.admin()
        .contentType("application/json")
        .header("If-Match", "\"99\"")
        .body("{\"deadline\":\"%s\",\"reason\":\"x\"}".formatted(inAnHour()))
        .post("/api/v1/admin/hosts/hst_" + host + "/drain")
        .then()
        .statusCode(412);
    World.move(UUID.randomUUID().toString(), "cancel-drain").then().statusCode(404);
    assertThat(hostState(host)).isEqualTo("ACTIVE");
  }
}
