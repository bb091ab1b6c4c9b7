package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What blocks a month, who may let it pass, and what is looked at before an invoice leaves. */
@QuarkusTest
class CloseIT extends AfterTheMonth {
  private static final String BOTH = "both-1";

  private static String checklist(World world) {
    return "/api/v1/finance/billing-months/" + MONTH + "/accounts/" + world.account();
  }

  private static Response propose(
      World world, RequestSpecification by, String key, String code, String subject) {
    return by.header("Idempotency-Key", key)
        .body(Map.of("code", code, "subject", subject, "reason", "the host burned down"))
        .post(checklist(world) + "/waivers");
  }

  private static String proposed(World world, String code, String subject) {
    return propose(world, finance(), UUID.randomUUID().toString(), code, subject)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void waived(World world, String code, String subject) {
    String id = proposed(world, code, subject);
    approver()
        .header("If-Match", "\"1\"")
        .post("/api/v1/finance/close-waivers/" + id + "/confirm")
        .then()
        .statusCode(200)
        .body("state", equalTo("CONFIRMED"))
        .body("decidedBy", equalTo("app-1"));
  }

  @Test
  void aRunWithoutProofIsBilledToItsLastSignOfLifeOnceTwoPersonsAgree() throws Exception {
    World world = World.external();
    World.Run open = world.ran("a", 1, "2026-11-30T20:00:00", null);
    world.awaitEvents(3);
    open.alive("2026-11-30T22:00:00");
    eventually(
        () -> count("select count(*) from run_heartbeat where run_id = '%s'", open.run) == 1);
    String subject = "run_" + open.run;
    world
        .draft(MONTH)
        .then()
        .statusCode(409)
        .body("code", equalTo("MONTH_NOT_READY"))
        .body("params.blockers[0].subject", equalTo(subject));
    auditor()
        .get(checklist(world))
        .then()
        .statusCode(200)
        .body("clear", equalTo(false))
        .body("items.find { it.code == 'RUN_WITHOUT_PROOF' }.state", equalTo("BLOCKING"))
        .body("items.find { it.code == 'NO_PRICE' }.state", equalTo("OK"));

    String key = UUID.randomUUID().toString();
    RequestSpecification both = as(BOTH, "finance", "finance-approver");
    String id =
        propose(world, both, key, "RUN_WITHOUT_PROOF", subject)
            .then()
            .statusCode(201)
            .header("Location", startsWith("/api/v1/finance/close-waivers/wvr_"))
            .header("ETag", equalTo("\"1\""))
            .body("state", equalTo("PROPOSED"))
            .extract()
            .path("id");
    propose(world, as(BOTH, "finance"), key, "RUN_WITHOUT_PROOF", subject)
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", equalTo("true"))
        .body("id", equalTo(id));
    propose(world, finance(), UUID.randomUUID().toString(), "RUN_WITHOUT_PROOF", subject)
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"));
    String confirm = "/api/v1/finance/close-waivers/" + id + "/confirm";
    as(BOTH, "finance", "finance-approver")
        .header("If-Match", "\"1\"")
        .post(confirm)
        .then()
        .statusCode(409)
        .body("code", equalTo("FOUR_EYES"));
    world.draft(MONTH).then().statusCode(409);
    approver().post(confirm).then().statusCode(428);
    approver().header("If-Match", "\"7\"").post(confirm).then().statusCode(412);
    approver().header("If-Match", "\"1\"").post(confirm).then().statusCode(200);
    approver()
        .header("If-Match", "\"2\"")
        .post(confirm)
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"));

    auditor()
        .get(checklist(world))
        .then()
        .body("clear", equalTo(true))
        .body("items.find { it.code == 'RUN_WITHOUT_PROOF' }.state", equalTo("WAIVED"));
    // 2 h and one heartbeat interval at 7,200 won per GPU-hour
    String invoice =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("14520"))
            .body("lines[0].details.isEndEstimated", contains(true))
            .extract()
            .path("id");
    World.issue(invoice);
    awaitAudit("close-waiver.propose", id);
    awaitAudit("close-waiver.confirm", id);
    assertAnyoneRecomputes(world, MONTH, invoice);
    assertThat(Offline.rate(world.slug, MONTH, Offline.events(MONTH, world)).at("/waived/0/kind"))
        .hasToString("\"ESTIMATED_END\"");
  }

  private static void assertAnyoneRecomputes(World world, String month, String invoice)
      throws Exception {
    Offline.assertTheSame(invoice, Offline.rate(world.slug, month, Offline.events(month, world)));
    Offline.assertAnOutsiderRecomputes(world, month, invoice);
  }

  /** Billed to 22:01 for want of proof; the true stop lies in a month that is still open. */
  @Test
  void whatARunWithoutProofUsedIsBilledWhenItsStopComes() throws Exception {
    World world = World.external();
    World.Run open = world.ran("a", 1, "2026-11-30T20:00:00", null);
    String november = issuedWithoutProof(world, open);

    TestKafka.send(open.event("instance.stopped", "2026-12-02T02:00:00"));
    world.awaitEvents(4);
    aliveInDecember(open);
    assertTheRestIsCharged(world, november);
  }

  /** It was alive all the time, which the site tells late; its stop comes in time. */
  @Test
  void whatARunWithoutProofUsedIsBilledWhenProofComes() throws Exception {
    World world = World.external();
    World.Run open = world.ran("a", 1, "2026-11-30T20:00:00", null);
    String november = issuedWithoutProof(world, open);
    eventually(
        () ->
            count(
                    "select count(*) from invoice where id = '%s'"
                        + " and closed_at < now() - interval '1 second'",
                    november.substring(4))
                == 1);

    aliveInDecember(open);
    Offline.assertAnOutsiderRecomputes(world, MONTH, november);
    TestKafka.send(open.event("instance.stopped", "2026-12-02T02:00:00"));
    world.awaitEvents(4);
    assertTheRestIsCharged(world, november);
  }

  private static void aliveInDecember(World.Run open) {
    open.alive("2026-12-02T01:59:00");
    eventually(
        () ->
            count(
                    "select count(*) from run_heartbeat where run_id = '%s'"
                        + " and alive_through > '2026-12-01'",
                    open.run)
                == 1);
  }

  private static String issuedWithoutProof(World world, World.Run open) {
    world.awaitEvents(3);
    open.alive("2026-11-30T22:00:00");
    eventually(
        () -> count("select count(*) from run_heartbeat where run_id = '%s'", open.run) == 1);
    waived(world, "RUN_WITHOUT_PROOF", "run_" + open.run);
    return world.issued(MONTH);
  }

  private static void assertTheRestIsCharged(World world, String november) throws Exception {
    String december =
        world
            .draft("2026-12")
            .then()
            .statusCode(201)
            .body("lines.category", contains("CORRECTION", "USAGE"))
            .body("lines.originalMonth", contains(MONTH, "2026-12"))
            // 1 h 59 min and 26 h at 7,200 won
            .body("lines.amount.amount", contains("14280", "187200"))
            .extract()
            .path("id");
    World.issue(december);
    assertAnyoneRecomputes(world, "2026-12", december);
    Offline.assertAnOutsiderRecomputes(world, MONTH, november);
  }

  @Test
  void aStopThatIsDatedBeforeItsStartKeepsAMonthOpenUntilABetterOneComes() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-10T20:00:00", null);
    TestKafka.send(run.event("instance.stopped", "2026-11-10T19:00:00"));
    world.awaitEvents(4);
    // the least, a minute at 7,200 won an hour
    String invoice =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("120"))
            .extract()
            .path("id");
    move(finance(), invoice, "submit")
        .then()
        .statusCode(409)
        .body("code", equalTo("CHECKLIST_OPEN"))
        .body("params.items.code", contains("STOP_BEFORE_START"))
        .body("params.items.subject", contains("run_" + run.run));
    waived(world, "STOP_BEFORE_START", "run_" + run.run);
    move(finance(), invoice, "submit").then().statusCode(200);

    TestKafka.send(run.event("instance.stopped", "2026-11-10T21:00:00"));
    world.awaitEvents(5);
    auditor()
        .get(checklist(world))
        .then()
        .body("items.find { it.code == 'STOP_BEFORE_START' }.state", equalTo("OK"));
  }

  private static void awaitAudit(String action, String id) {
    TestKafka.await(
        "audit.entries.v1",
        1,
        java.time.Duration.ofSeconds(20),
        r -> r.value().contains(action) && r.value().contains(id));
  }

  @Test
  void theDatabaseKnowsTheSecondPersonAndForgetsNothing() {
    World world = World.external();
    World.Run open = world.ran("a", 1, "2026-11-30T20:00:00", null);
    world.awaitEvents(3);
    String id = proposed(world, "RUN_WITHOUT_PROOF", "run_" + open.run).substring(4);
    for (String sql :
        new String[] {
          "update close_waiver set state = 'CONFIRMED', decided_by = 'fin-1', decided_at = now()"
              + " where id = '%s'",
          "update close_waiver set reason = 'other' where id = '%s'",
          "delete from close_waiver where id = '%s'"
        }) {
      assertThatThrownBy(() -> TestDatabase.update(sql.formatted(id)))
          .hasStackTraceContaining(sql.contains("CONFIRMED") ? "second_person" : "is final");
    }
    finance()
        .header("If-Match", "\"1\"")
        .post("/api/v1/finance/close-waivers/wvr_" + id + "/reject")
        .then()
        .statusCode(200)
        .body("state", equalTo("REJECTED"));
    auditor()
        .get("/api/v1/finance/close-waivers?month=" + MONTH + "&account=" + world.account())
        .then()
        .statusCode(200)
        .body("items.state", contains("REJECTED"))
        .body("items.reason", contains("the host burned down"));
    proposed(world, "RUN_WITHOUT_PROOF", "run_" + open.run);
  }

  @Test
  void aQuarantinedEventKeepsAnInvoiceFromReviewAndFromIssue() {
    World world = World.external();
    World.Run run = world.b200("a", 8);
    TestKafka.Event first = run.event(1, "instance.started", "2026-11-02T09:00:00");
    TestKafka.send(
        first,
        forged(run, first, "2026-11-02T08:00:00"),
        run.event(2, "instance.stopped", "2026-11-02T10:00:00"));
    world.awaitEvents(2);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    String subject =
        move(finance(), invoice, "submit")
            .then()
            .statusCode(409)
            .body("code", equalTo("CHECKLIST_OPEN"))
            .body("params.items.code", contains("QUARANTINED_EVENT"))
            .body("params.items[0].waivable", equalTo(true))
            .body("params.checklist", equalTo(checklist(world)))
            .extract()
            .path("params.items[0].subject");
    waived(world, "QUARANTINED_EVENT", subject);
    move(finance(), invoice, "submit").then().statusCode(200);
    move(approver(), invoice, "approve").then().statusCode(200);

    TestKafka.send(forged(run, first, "2026-11-02T07:00:00"));
    eventually(
        () -> count("select count(*) from quarantined_event where id = '%s'", first.id()) == 2);
    move(finance(), invoice, "issue")
        .then()
        .statusCode(409)
        .body("code", equalTo("CHECKLIST_OPEN"))
        .body("params.items", hasSize(1));
    assertThat(count("select count(*) from ledger_transaction where document = '%s'", invoice))
        .isZero();
  }

  private static TestKafka.Event forged(World.Run run, TestKafka.Event first, String at) {
    return new TestKafka.Event(
        first.id(),
        first.source(),
        first.topic(),
        first.key(),
        first.type(),
        first.tenant(),
        1,
        run.event(1, "instance.started", at).json());
  }

  @Test
  void anomaliesAreLookedAtBeforeTheReview() {
    World world = World.external();
    world.ran("a", 8, "2026-10-02T09:00:00", "2026-10-02T10:00:00");
    world.ran("b", 8, "2026-11-02T09:00:00", "2026-11-06T13:00:00");
    world.awaitEvents(10);
    world.draft("2026-10").then().statusCode(201);
    String invoice =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("5760000"))
            .extract()
            .path("id");
    String path = "/api/v1/finance/invoices/" + invoice;
    String detail =
        auditor()
            .get(path + "/anomalies")
            .then()
            .statusCode(200)
            .body("code", contains("SUPPLY_CHANGED"))
            .body("looked", contains(false))
            .extract()
            .path("[0].detail");
    assertThat(detail).isEqualTo("5760000 won after 57600 won");
    auditor()
        .get("/api/v1/finance/invoice-reviews?pageSize=1000&month=" + MONTH)
        .then()
        .statusCode(200)
        .body("items.find { it.invoice == '" + invoice + "' }.unseen", equalTo(1))
        .body("items[0].unseen", equalTo(1));
    move(finance(), invoice, "submit")
        .then()
        .statusCode(409)
        .body("params.items.code", contains("ANOMALY"));

    finance()
        .body(Map.of("code", "SUPPLY_CHANGED", "subject", "invoice", "detail", "other"))
        .post(path + "/anomalies/look")
        .then()
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/detail"));
    finance()
        .body("{}")
        .post(path + "/anomalies/look")
        .then()
        .statusCode(400)
        .body("errors.pointer", containsInAnyOrder("/code", "/subject", "/detail"));
    finance()
        .body(
            Map.of(
                "code", "SUPPLY_CHANGED",
                "subject", "invoice",
                "detail", detail,
                "note", "a new project began"))
        .post(path + "/anomalies/look")
        .then()
        .statusCode(200)
        .body("looked", contains(true));
    move(finance(), invoice, "submit").then().statusCode(200);
  }

  @Test
  void commentsAreKeptAsTheyWereMade() {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    String path = "/api/v1/finance/invoices/" + invoice + "/comments";
    finance().body(Map.of("text", "x")).post(path).then().statusCode(400);
    for (String text : new String[] {"why so little?", "they moved out"}) {
      finance()
          .header("Idempotency-Key", UUID.randomUUID().toString())
          .body(Map.of("text", text))
          .post(path)
          .then()
          .statusCode(201)
          .body("by", equalTo("fin-1"))
          .body("at", notNullValue());
    }
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(Map.of("text", " ", "more", 1))
        .post(path)
        .then()
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"));
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(Map.of("text", " "))
        .post(path)
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/text"));
    auditor()
        .get(path + "?pageSize=1")
        .then()
        .statusCode(200)
        .body("items.text", contains("why so little?"))
        .body("nextPageToken", notNullValue());
    auditor().get(path).then().body("items.text", contains("why so little?", "they moved out"));
    as(world.owner).get(path).then().statusCode(403);
    assertThatThrownBy(() -> TestDatabase.update("update invoice_comment set text = 'y'"))
        .hasStackTraceContaining("append-only");
  }

  @Test
  void proposalsThatMakeNoSenseAreRefusedWithEveryReason() {
    World world = World.external();
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(Map.of("code", "NO_PRICE", "reason", " "))
        .post(checklist(world) + "/waivers")
        .then()
        .statusCode(400)
        .body("errors.pointer", containsInAnyOrder("/code", "/subject", "/reason"))
        .body("errors.detail", hasItem(containsString("PARKED_EVENTS")))
        .body("errors.detail", everyItem(notNullValue()));
    propose(world, finance(), UUID.randomUUID().toString(), "PARKED_EVENTS", "nothing@1")
        .then()
        .statusCode(422)
        .body("errors[0].pointer", equalTo("/subject"));
    finance()
        .get("/api/v1/finance/billing-months/2026-13/accounts/" + world.account())
        .then()
        .statusCode(400);
    finance()
        .get("/api/v1/finance/billing-months/2026-11/accounts/" + UUID.randomUUID())
        .then()
        .statusCode(404);
    finance()
        .get("/api/v1/finance/close-waivers?state=LOST")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("state"));
  }
}
