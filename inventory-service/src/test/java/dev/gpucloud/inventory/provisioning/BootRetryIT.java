package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boots that fail and hosts that die, with the agent's part played by hand. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class BootRetryIT {
  private static final Instant BOOTED =
      Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);

  private String site = "";
  private Agent agent = new Agent(site);

  @BeforeEach
  void openSite() {
    site = World.siteWithAgent(4);
    agent = new Agent(site);
  }

  private static Response get(Tenant tenant, String id) {
    return tenant.as("viewer").get(tenant.instances() + "/" + id);
  }

  private static void awaitState(Tenant tenant, String id, String state) {
    eventually(() -> state.equals(get(tenant, id).jsonPath().getString("state")));
  }

  private static List<String> events(String instance, int count) {
    return TestKafka.await(
            "inventory.instances.v1", count, Duration.ofSeconds(30), r -> r.key().equals(instance))
        .stream()
        .map(r -> TestKafka.header(r, "ce_sequence") + " " + TestKafka.header(r, "ce_type"))
        .toList();
  }

  private static long used(Tenant tenant) {
    return World.held(tenant);
  }

  private static double bootFailures(JsonNode order) {
    return World.metric(
        "gpucloud_hosts_boot_failures_total",
        "host=\"%s\"".formatted(order.path("hostId").asText()));
  }

  private static String allocations(String id) {
    return World.value(
        """
        select string_agg(state, ',' order by held_from, id) from allocation
        where instance_id = '%s'"""
            .formatted(id.substring(4)));
  }

  @Test
  void aBootThatFailsIsTriedOnAnotherHostAndOnlyTheRunThatBootedIsBilled() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "phoenix", "b200.8x", site);
    String id = created.path("id");
    JsonNode first = agent.order(id, 1);
    double failures = bootFailures(first);
    agent.report(first, "BOOTING", BOOTED.minusSeconds(9));
    agent.report(first, "FAILED", BOOTED.minusSeconds(8));

    JsonNode gone = agent.order(id, 2);
    JsonNode second = agent.order(id, 3);
    assertThat(gone.path("desired").asText()).isEqualTo("ABSENT");
    assertThat(gone.path("runId")).isEqualTo(first.path("runId"));
    assertThat(second.path("desired").asText()).isEqualTo("RUNNING");
    assertThat(second.path("runId")).isNotEqualTo(first.path("runId"));
    assertThat(second.path("hostId")).isNotEqualTo(first.path("hostId"));
    assertThat(allocations(id)).isEqualTo("LEAVING,HELD");
    assertThat(used(tenant)).isEqualTo(64);
    Checker.check();

    agent.report(gone, "RELEASED", BOOTED.minusSeconds(5));
    eventually(() -> allocations(id).equals("RELEASED,HELD"));
    agent.report(second, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    assertThat(used(tenant)).isEqualTo(64);
    tenant
        .as("viewer")
        .get("/api/v1/operations/" + created.path("operation"))
        .then()
        .body("state", equalTo("SUCCEEDED"));
    assertThat(events(id, 5))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.boot-failed",
            "4 instance.retrying",
            "5 instance.started");
    tenant
        .as("viewer")
        .get(tenant.instances() + "/" + id + "/history")
        .then()
        .body("items[2].reason", equalTo("BOOT_FAILED"))
        .body("items[2].runId", equalTo(first.path("runId").asText()))
        .body("items[3].runId", equalTo(second.path("runId").asText()));
    assertThat(bootFailures(first)).isEqualTo(failures + 1);
    Checker.check();
  }

  @Test
  void threeHostsThatFailAreEnoughAndNothingIsBilled() {
    Tenant tenant = World.tenantWithQuota(8);
    Response created = create(tenant, "unlucky", "b200.1x", site);
    String id = created.path("id");
    Set<String> hosts = new HashSet<>();
    for (int order = 1; order <= 5; order += 2) {
      JsonNode running = agent.order(id, order);
      hosts.add(running.path("hostId").asText());
      agent.report(running, "FAILED", BOOTED.plusSeconds(order));
      agent.report(agent.order(id, order + 1), "RELEASED", BOOTED.plusSeconds(order + 1));
    }
    awaitState(tenant, id, "FAILED");

    assertThat(hosts).hasSize(3);
    get(tenant, id).then().body("reason", equalTo("BOOT_FAILED"));
    eventually(() -> used(tenant) == 0);
    tenant
        .as("viewer")
        .get("/api/v1/operations/" + created.path("operation"))
        .then()
        .body("state", equalTo("FAILED"))
        .body("reason", equalTo("BOOT_FAILED"));
    eventually(() -> allocations(id).equals("RELEASED,RELEASED,RELEASED"));
    tenant.as("operator").delete(tenant.instances() + "/unlucky").then().statusCode(202);
    assertThat(
            TestKafka.await(
                "inventory.instances.v1",
                1,
                Duration.ofSeconds(30),
                r ->
                    r.key().equals(id)
                        && TestKafka.header(r, "ce_type").equals("instance.deleted")))
        .hasSize(1);
    assertThat(
            count(
                "select count(*) from instance_history where instance_id = '%s' and event_type in ('instance.started', 'instance.stopped')"
                    .formatted(id.substring(4))))
        .isZero();
    Checker.check();
  }

  @Test
  void withoutRoomElsewhereItHasFailedForThatReason() {
    String single = World.siteWithAgent(1);
    Tenant tenant = World.tenantWithQuota(8);
    Agent its = new Agent(single);
    String id = create(tenant, "lonely", "b200.1x", single).path("id");
    its.report(its.order(id, 1), "FAILED", BOOTED);

    awaitState(tenant, id, "FAILED");
    get(tenant, id).then().body("reason", equalTo("NO_HOST_FOR_RETRY"));
    assertThat(allocations(id)).isEqualTo("HELD");
    its.report(its.order(id, 2), "RELEASED", BOOTED.plusSeconds(5));
    eventually(() -> allocations(id).equals("RELEASED"));
    assertThat(used(tenant)).isZero();
    assertThat(events(id, 4))
        .containsExactly(
            "1 instance.created",
            "2 instance.boot-failed",
            "3 instance.failed",
            "4 instance.released");
    Checker.check();
  }

  @Test
  void whatBootsOnASilentHostBootsElsewhere() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "moved-on", "b200.8x", site).path("id");
    JsonNode first = agent.order(id, 1);
    Instant before = Instant.now();
    agent.report(first, "BOOTING", BOOTED);
    awaitState(tenant, id, "PROVISIONING");
    String host = first.path("hostId").asText().substring(4);
    World.silence(host, before);
    World.update(
        "update instance set desired_since = now() - interval '1 hour' where id = '%s'"
            .formatted(id.substring(4)));

    JsonNode second = agent.order(id, 3);
    assertThat(second.path("hostId")).isNotEqualTo(first.path("hostId"));
    agent.report(second, "RUNNING", BOOTED.plusSeconds(900));
    awaitState(tenant, id, "RUNNING");
    assertThat(World.value("select state from host where id = '%s'".formatted(host)))
        .isEqualTo("QUARANTINED");
    assertThat(events(id, 5))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.boot-failed",
            "4 instance.retrying",
            "5 instance.started");

    World.update(
        "update allocation set left_at = now() - interval '1 hour' where instance_id = '%s'"
            .formatted(id.substring(4)));
    eventually(() -> allocations(id).equals("FENCED,HELD"));
    Checker.check();
    agent.report(agent.order(id, 2), "RELEASED", BOOTED.plusSeconds(1000));
    eventually(() -> allocations(id).equals("RELEASED,HELD"));
    Checker.check();
  }

  @Test
  void whatStopsOnASilentHostIsStoppedAndStartsAgainElsewhere() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = create(tenant, "survivor", "b200.8x", site).path("id");
    JsonNode first = agent.order(id, 1);
    Instant before = Instant.now();
    agent.report(first, "RUNNING", BOOTED);
    awaitState(tenant, id, "RUNNING");
    tenant.as("operator").post(tenant.instances() + "/" + id + "/stop").then().statusCode(202);
    String host = first.path("hostId").asText().substring(4);
    World.silence(host, before);
    World.update(
        "update instance set desired_since = now() - interval '1 hour' where id = '%s'"
            .formatted(id.substring(4)));

    awaitState(tenant, id, "STOPPED");
    get(tenant, id).then().body("reason", equalTo("HOST_UNREACHABLE"));
    assertThat(allocations(id)).isEqualTo("FENCED");
    assertThat(used(tenant)).isZero();
    tenant
        .as("operator")
        .header("Idempotency-Key", "again-" + id)
        .post(tenant.instances() + "/" + id + "/start")
        .then()
        .statusCode(202);
    JsonNode again = agent.order(id, 3);
    assertThat(again.path("hostId")).isNotEqualTo(first.path("hostId"));
    agent.report(again, "RUNNING", BOOTED.plusSeconds(900));
    awaitState(tenant, id, "RUNNING");
    assertThat(events(id, 6))
        .containsExactly(
            "1 instance.created",
            "2 instance.started",
            "3 instance.stopped",
            "4 instance.updated",
            "5 instance.starting",
            "6 instance.started");
    Checker.check();
  }
}
