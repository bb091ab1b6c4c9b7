package dev.gpucloud.inventory.tenancy;

import static dev.gpucloud.inventory.fixture.Site.awaitState;
import static dev.gpucloud.inventory.fixture.Site.events;
import static dev.gpucloud.inventory.fixture.Site.view;
import static dev.gpucloud.inventory.fixture.World.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.fixture.Agent;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tenant's suspension and its end mean for what it has here. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class TenancyIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Site site = new Site("");
  private Agent agent = new Agent("");

  @BeforeEach
  void openSite() {
    site = Site.shared();
    agent = site.agent();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String suspension(Instant stopAt) {
    return ",\"suspension\":{\"reason\":\"Two invoices are overdue.\",\"since\":\"%s\"%s}"
        .formatted(now(), stopAt == null ? "" : ",\"stopAt\":\"" + stopAt + "\"");
  }

  @Test
  void aSuspendedTenantGetsNothingNewAndHearsWhy() {
    Tenant tenant = World.tenantWithQuota(8);
    String id = site.running(tenant, "before", "b200.1x");
    Instant stopAt = now().plusSeconds(3600);
    World.tenantIs(tenant, "SUSPENDED", 2, suspension(stopAt));

    create(tenant, "after", "b200.1x", null)
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body(
            "detail",
            equalTo(
                "The tenant is SUSPENDED: Two invoices are overdue. It takes nothing new until the"
                    + " platform resumes it."))
        .body("params.tenantState", equalTo("SUSPENDED"))
        .body("params.stopAt", equalTo(stopAt.toString()));
    tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"name":"c","instanceType":"b200.8x","instances":2}""")
        .post(tenant.projectPath() + "/clusters")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));
    tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"instanceType\":\"b200.8x\"}")
        .post(tenant.instances() + "/" + id + "/resize")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));
    assertThat(view(tenant, id, "state")).isEqualTo("RUNNING");

    World.tenantIs(tenant, "ACTIVE", 3, "");
    create(tenant, "after", "b200.1x", null).then().statusCode(202);
  }

  @Test
  void nothingNewStartsBelowASuspendedTenantAndWhatRunsThereGoesOn() {
    Tenant group = World.tenantWithQuota(8);
    Tenant company = World.tenant("SUBSIDIARY", group, "");
    Tenant division = World.tenant("SUBSIDIARY", company, "");
    Tenant stranger = World.tenantWithQuota(8);
    for (Tenant tenant : List.of(company, division)) {
      World.quota(tenant, World.MODEL, 8, 1);
    }
    String id = site.running(division, "before", "b200.1x");
    String own = site.running(group, "own", "b200.1x");

    World.tenantIs(group, "SUSPENDED", 2, suspension(now().minusSeconds(1)));

    World.eventually(() -> validated(division) == 409);
    create(division, "after", "b200.1x", null)
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body(
            "detail",
            equalTo(
                "The tenant stands below %1$s (%1$s), which is SUSPENDED. Nothing below it takes"
                        .formatted(group.slug())
                    + " anything new until the platform resumes it."))
        .body("params.tenantState", equalTo("ACTIVE"))
        .body("params.ancestor", equalTo(group.slug()))
        .body("params.ancestorState", equalTo("SUSPENDED"));
    create(company, "after", "b200.1x", null).then().statusCode(409);
    create(stranger, "after", "b200.1x", null).then().statusCode(202);
    awaitState(group, own, "STOPPING");
    assertThat(view(division, id, "state")).isEqualTo("RUNNING");

    World.tenantIs(group, "ACTIVE", 3, "");
    World.eventually(() -> validated(division) == 200);
    create(division, "after", "b200.1x", null).then().statusCode(202);
  }

  /** What the decision on an instance is now, without taking anything. */
  private static int validated(Tenant tenant) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .queryParam("validateOnly", true)
        .body("{\"name\":\"asked\",\"instanceType\":\"b200.1x\"}")
        .post(tenant.instances())
        .statusCode();
  }

  @Test
  void whatRunsIsStoppedAtTheDeadlineOnceWithTheReason() {
    Tenant tenant = World.tenantWithQuota(8);
    Tenant kept = World.tenantWithQuota(8);
    String id = site.running(tenant, "due", "b200.1x");
    String spared = site.running(kept, "kept", "b200.1x");
    Tenant leaving = World.tenantWithQuota(8);
    String last = site.running(leaving, "last", "b200.1x");
    World.tenantIs(kept, "SUSPENDED", 2, suspension(null));
    Instant stopAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    World.tenantIs(tenant, "SUSPENDED", 2, suspension(stopAt));
    World.tenantIs(leaving, "CLOSING", 2, suspension(stopAt));

    awaitState(leaving, last, "STOPPING");
    awaitState(tenant, id, "STOPPING");
    assertThat(view(tenant, id, "reason")).isEqualTo("TENANT_SUSPENDED");
    assertThat(Instant.parse(view(tenant, id, "stoppedAt"))).isEqualTo(stopAt);
    JsonNode absent = agent.order(id, 2);
    assertThat(absent.path("desired").asText()).isEqualTo("ABSENT");
    agent.report(absent, "RELEASED", Instant.now());
    awaitState(tenant, id, "STOPPED");
    assertThat(events(id, 5))
        .containsExactly(
            "1 instance.created",
            "2 instance.provisioning",
            "3 instance.started",
            "4 instance.stopped",
            "5 instance.released");
    assertThat(reasonOf(id, "instance.stopped")).isEqualTo("TENANT_SUSPENDED");
    TestKafka.await(
        Topics.AUDIT_ENTRIES,
        1,
        Duration.ofSeconds(20),
        r ->
            r.value().contains(id)
                && r.value().contains("\"action\":\"instance.stopped\"")
                && r.value().contains("TENANT_SUSPENDED"));
    assertThat(view(kept, spared, "state")).isEqualTo("RUNNING");
    tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(tenant.instances() + "/" + id + "/start")
        .then()
        .statusCode(409)
        .body("detail", containsString("Two invoices are overdue."));
  }

  @Test
  void aResumeCallsTheStopOff() {
    Tenant tenant = World.tenantWithQuota(8);
    Tenant witness = World.tenantWithQuota(8);
    String id = site.running(tenant, "saved", "b200.1x");
    String due = site.running(witness, "witness", "b200.1x");
    World.tenantIs(tenant, "SUSPENDED", 2, suspension(now().plusSeconds(3600)));
    World.tenantIs(tenant, "ACTIVE", 3, "");

    World.tenantIs(witness, "SUSPENDED", 2, suspension(now().minusSeconds(1)));

    awaitState(witness, due, "STOPPING");
    assertThat(view(tenant, id, "state")).isEqualTo("RUNNING");
  }

  @Test
  void saysWhatAClosingTenantStillHasUntilItHasNothing() throws Exception {
    Tenant tenant = World.tenantWithQuota(8);
    String id = site.running(tenant, "last", "b200.1x");

    World.tenantIs(tenant, "CLOSING", 2, "");

    create(tenant, "late", "b200.1x", null)
        .then()
        .statusCode(409)
        .body("detail", equalTo("The tenant is CLOSING. It takes nothing new."));
    JsonNode first = report(tenant, 1);
    assertThat(first.path("service").asText()).isEqualTo("inventory-service");
    assertThat(first.at("/blockers/0/code").asText()).isEqualTo("INSTANCES");
    assertThat(first.at("/blockers/0/detail").asText()).isEqualTo("1 instance is not deleted.");

    tenant.as("operator").delete(tenant.instances() + "/" + id).then().statusCode(202);
    agent.report(agent.order(id, 2), "RELEASED", Instant.now());

    assertThat(report(tenant, 2).path("blockers")).isEmpty();
  }

  @Test
  void residencyRefusesAPlacementAndNamesItself() {
    Tenant tenant = World.tenant("EXTERNAL", null, ",\"residency\":{\"country\":\"JP\"}");
    World.quota(tenant, World.MODEL, 8, 1);
    create(tenant, "abroad", "b200.1x", null)
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("params.constraints.constraint", hasItem("COUNTRY"))
        .body("detail", containsString("outside the country of the tenant's residency"));
  }

  private static JsonNode report(Tenant tenant, int number) throws Exception {
    List<String> reports =
        TestKafka.await(
                Topics.INVENTORY_CLOSINGS,
                number,
                Duration.ofSeconds(20),
                r -> r.key().equals("ten_" + tenant.id()))
            .stream()
            .map(r -> r.value())
            .toList();
    return JSON.readTree(reports.get(number - 1));
  }

  private static String reasonOf(String id, String type) {
    return TestKafka.await(
            Topics.INSTANCES,
            1,
            Duration.ofSeconds(20),
            r -> r.key().equals(id) && type.equals(TestKafka.header(r, "ce_type")))
        .stream()
        .map(r -> readTree(r.value()).path("reason").asText())
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode readTree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
