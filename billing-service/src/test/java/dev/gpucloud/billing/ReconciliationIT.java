package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What inventory, agents, metering, invoices and the ledger count must be the same seconds. */
@QuarkusTest
class ReconciliationIT extends AfterTheMonth {

  private static String path(World world) {
    return "/api/v1/finance/accounts/" + world.account() + "/reconciliation";
  }

  private static void alive(World.Run run, String through) {
    run.alive(through);
    eventually(() -> count("select count(*) from run_heartbeat where run_id = '%s'", run.run) == 1);
  }

  @Test
  void everySecondIsBilledOrHasAReason() {
    World world = World.external();
    World.Run run = world.b200("a", 8);
    TestKafka.send(
        run.event("instance.created", "2026-11-02T22:58:00"),
        run.event("instance.provisioning", "2026-11-02T22:59:00"),
        run.event("instance.started", "2026-11-02T23:00:00"),
        run.event("instance.stopped", "2026-11-03T01:00:00.500"),
        run.event("instance.released", "2026-11-03T01:02:00.500"));
    world.awaitEvents(5);
    alive(run, "2026-11-03T01:00:00");
    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .statusCode(200)
        .body("agreed", equalTo(true))
        .body("days.seconds.billed", contains(nullValue(), nullValue()));

    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");

    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .statusCode(200)
        .body("agreed", equalTo(true))
        .body("days.day", contains("2026-11-02", "2026-11-03"))
        .body("days.seconds.inventory", contains("3660", "3720.5"))
        .body("days.seconds.unbilled.provisioning", contains("60", "0"))
        .body("days.seconds.unbilled.releasing", contains("0", "120"))
        .body("days.seconds.running", contains("3600", "3600.5"))
        .body("days.seconds.metered", contains("3600", "3600.5"))
        .body("days.seconds.billed", contains("3600", "3600.5"))
        .body("days.seconds.padding", contains("0", "0.5"))
        .body("days.seconds.agents", contains("3600", "3600"))
        .body("ledger.trialBalance.amount", equalTo("0"))
        .body("ledger.unbilled.amount", equalTo("0"));
    auditor()
        .get(path(world) + "/2026-11-03")
        .then()
        .statusCode(200)
        .body("items.instanceId", contains("ins_" + run.instance))
        .body("items.runId", contains("run_" + run.run))
        .body("items[0].seconds.billed", equalTo("3600.5"));
    World.issue(invoice);
    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .body("agreed", equalTo(true))
        .body("ledger.unbilled.amount", equalTo("0"));
  }

  @Test
  void anAgentThatReportsLongerBlocksTheClose() {
    World world = World.external();
    World.Run run = world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    alive(run, "2026-11-02T11:00:00");
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    String subject =
        move(finance(), invoice, "submit")
            .then()
            .statusCode(409)
            .body("code", equalTo("CHECKLIST_OPEN"))
            .body("params.items.code", contains("RECONCILIATION_DIFFERENCE"))
            .body("params.items[0].params.kind", equalTo("AGENT_ENDS_LATER"))
            .body("params.items[0].params.seconds", equalTo("3600"))
            .extract()
            .path("params.items[0].subject");
    String waiver =
        finance()
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .body(
                Map.of(
                    "code", "RECONCILIATION_DIFFERENCE",
                    "subject", subject,
                    "reason", "the agent's clock was wrong"))
            .post(
                "/api/v1/finance/billing-months/"
                    + MONTH
                    + "/accounts/"
                    + world.account()
                    + "/waivers")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    approver()
        .header("If-Match", "\"1\"")
        .post("/api/v1/finance/close-waivers/" + waiver + "/confirm")
        .then()
        .statusCode(200);
    move(finance(), invoice, "submit").then().statusCode(200);
  }

  @Test
  void aStopThatIsCorrectedPastTheMonthCountsAsCorrected() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-30T20:00:00", "2026-11-30T22:00:00");
    world.awaitEvents(5);
    world.stopped(run, "2026-12-01T02:00:00");

    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .statusCode(200)
        .body("differences", empty());
    TestDatabase.update(
        "update usage_interval set end_at = timestamptz '2026-11-30T22:00+09' where run_id = '%s'"
            .formatted(run.run));
    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .body("differences.kind", contains("METERED_UNLIKE_INVENTORY"))
        .body("differences.seconds", contains("-7200"));
  }

  @Test
  void intervalsThatAreNotWhatInventorySaidAreFound() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    TestDatabase.update(
        "update usage_interval set end_at = end_at - interval '10 seconds' where run_id = '%s'"
            .formatted(run.run));
    auditor()
        .get(path(world) + "?month=" + MONTH)
        .then()
        .body("agreed", equalTo(false))
        .body("differences.kind", contains("METERED_UNLIKE_INVENTORY", "BILLED_UNLIKE_METERED"))
        .body("differences.seconds", contains("-10", "10"));
    move(finance(), invoice, "submit").then().statusCode(409).body("params.items.code", hasSize(2));
  }

  @Test
  void runsThatNoAgentReportedAreAWarningAlone() {
    World world = World.external();
    world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.ran("b", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(10);
    auditor()
        .get("/api/v1/finance/billing-months/" + MONTH + "/accounts/" + world.account())
        .then()
        .statusCode(200)
        .body("clear", equalTo(true))
        .body("items.find { it.code == 'AGENT_SILENT' }.state", equalTo("WARNING"))
        .body("items.find { it.code == 'AGENT_SILENT' }.findings[0].params.runs", equalTo("2"));
    auditor()
        .get(path(world) + "/2026-11-02?pageSize=1")
        .then()
        .body("items", hasSize(1))
        .body("nextPageToken", notNullValue());
  }

  @Test
  void whatNamesNothingIsRefused() {
    World world = World.external();
    auditor().get(path(world)).then().statusCode(400).body("errors[0].pointer", equalTo("month"));
    auditor()
        .get(path(world) + "/2026-11-31")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("day"));
    auditor()
        .get("/api/v1/finance/accounts/" + UUID.randomUUID() + "/reconciliation?month=" + MONTH)
        .then()
        .statusCode(404);
    as(world.owner).get(path(world) + "?month=" + MONTH).then().statusCode(403);
  }
}
