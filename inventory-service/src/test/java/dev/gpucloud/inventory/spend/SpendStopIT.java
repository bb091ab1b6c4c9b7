package dev.gpucloud.inventory.spend;

import static dev.gpucloud.inventory.fixture.Site.view;
import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static dev.gpucloud.inventory.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.fixture.Site;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A spent budget of won stops what is new of its tenant or project, and nothing else. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class SpendStopIT {
  private static final Instant END = Instant.parse("2100-01-31T15:00:00Z");

  /** Tells of a budget as billing-service does, until this service has heard it. */
  private static void budget(
      String id,
      Tenant of,
      boolean wholeTenant,
      String type,
      boolean stopped,
      Instant end,
      long n) {
    String project = wholeTenant ? "" : "\"projectId\":\"prj_%s\",\"project\":\"main\",";
    TestKafka.send(
        TestKafka.Event.of(
            "/billing-service",
            Topics.SPEND_BUDGETS,
            id,
            type,
            "ten_" + of.id(),
            n,
            """
            {"budgetId":"%s","tenantId":"ten_%s",%s"name":"Research","month":"2100-01",\
            "amountKrw":300000,"spentKrw":403200,"forecastKrw":29203200,"stopAtPct":100,\
            "stopped":%s,"monthEnd":"%s","at":"2100-01-11T00:00:00Z"}"""
                .formatted(id, of.id(), project.formatted(of.project()), stopped, end)));
    eventually(
        () ->
            count(
                    """
                    select count(*) from inbox_position
                    where stream = 'billing.spend-budgets.v1/%s' and last_sequence = %d"""
                        .formatted(id, n))
                == 1);
  }

  private static String newBudget() {
    return "sbg_" + UUID.randomUUID();
  }

  private static boolean isRefused(Response answer) {
    return answer.statusCode() == 409 && "BUDGET_SPENT".equals(answer.path("code"));
  }

  private static Response act(Tenant tenant, String path, String body) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(body)
        .post(path);
  }

  /** Asks without effect whether something new may start at a project. */
  private static Response ask(Tenant tenant, String project) {
    return act(
        tenant,
        "/api/v1/projects/" + tenant.slug() + "." + project + "/instances?validateOnly=true",
        "{\"name\":\"ask\",\"instanceType\":\"b200.1x\"}");
  }

  private static void awaitStopped(Tenant tenant, String project) {
    eventually(() -> isRefused(ask(tenant, project)));
  }

  private static void awaitOpen(Tenant tenant, String project) {
    eventually(() -> ask(tenant, project).statusCode() == 200);
  }

  @Test
  void nothingNewOfTheTenantStartsUntilTheBudgetIsRaisedAndWhatRunsGoesOn() {
    Site site = Site.shared();
    Tenant tenant = World.tenantWithQuota(16);
    Tenant other = World.tenantWithQuota(8);
    String running = site.running(tenant, "before", "b200.1x");
    String budget = newBudget();
    budget(budget, tenant, true, "spend-budget.stopped", true, END, 1);
    awaitStopped(tenant, "main");

    create(tenant, "after", "b200.1x", site.id())
        .then()
        .statusCode(409)
        .body(
            "detail",
            equalTo(
                "The budget 'Research' of the tenant for 2100-01 is 300000 won and stops what is"
                    + " new at 100 per cent; 403200 won are spent. Nothing new may start before "
                    + END
                    + " unless the budget is raised or removed; what runs goes on."))
        .body("params.budgetId", equalTo(budget))
        .body("params.budget", equalTo("Research"))
        .body("params.scope", equalTo("TENANT"))
        .body("params.spentKrw", equalTo("403200"))
        .body("params.monthEnd", equalTo(END.toString()));
    assertThat(
            isRefused(
                act(
                    tenant,
                    tenant.projectPath() + "/clusters",
                    "{\"name\":\"c\",\"instanceType\":\"b200.8x\",\"instances\":2}")))
        .isTrue();
    assertThat(
            isRefused(
                act(
                    tenant,
                    tenant.instances() + "/" + running + "/resize",
                    "{\"instanceType\":\"b200.8x\"}")))
        .isTrue();
    assertThat(view(tenant, running, "state")).isEqualTo("RUNNING");
    create(other, "theirs", "b200.1x", site.id()).then().statusCode(202);

    budget(budget, tenant, true, "spend-budget.resumed", false, END, 2);
    awaitOpen(tenant, "main");
    create(tenant, "after", "b200.1x", site.id()).then().statusCode(202);
  }

  @Test
  void aProjectsBudgetStopsTheProjectAloneAndNoRunMovesIntoIt() {
    Site site = Site.shared();
    Tenant tenant = World.tenantWithQuota(16);
    Tenant spent = World.project(tenant, "spent");
    String running = site.running(tenant, "mover", "b200.1x");
    String budget = newBudget();
    budget(budget, spent, false, "spend-budget.stopped", true, END, 1);

    String path = "/api/v1/projects/" + tenant.slug() + ".spent/instances";
    String body = "{\"name\":\"new\",\"instanceType\":\"b200.1x\"}";
    awaitStopped(tenant, "spent");
    act(tenant, path, body).then().body("params.scope", equalTo("PROJECT"));
    assertThat(
            isRefused(
                tenant
                    .as("operator")
                    .contentType("application/json")
                    .body("{\"project\":\"%s.spent\"}".formatted(tenant.slug()))
                    .post(tenant.instances() + "/" + running + "/move")))
        .isTrue();
    create(tenant, "elsewhere", "b200.1x", site.id()).then().statusCode(202);

    budget(budget, spent, false, "spend-budget.removed", false, END, 2);
    awaitOpen(tenant, "spent");
    act(tenant, path, body).then().statusCode(202);
  }

  @Test
  void aStopEndsWithItsMonthThoughNobodySaysSo() {
    Site site = Site.shared();
    Tenant tenant = World.tenantWithQuota(8);
    String budget = newBudget();
    budget(budget, tenant, true, "spend-budget.stopped", true, END, 1);
    awaitStopped(tenant, "main");

    budget(
        budget,
        tenant,
        true,
        "spend-budget.set",
        true,
        Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS),
        2);

    awaitOpen(tenant, "main");
    create(tenant, "a", "b200.1x", site.id()).then().statusCode(202);
  }
}
