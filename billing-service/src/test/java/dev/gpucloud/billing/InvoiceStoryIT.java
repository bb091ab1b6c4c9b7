package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.testsupport.TestTokens;
import dev.gpucloud.verifier.InvoiceOracle;
import dev.gpucloud.verifier.Report;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** From events to an issued invoice on real PostgreSQL and Kafka; all dates lie in one year. */
@QuarkusTest
class InvoiceStoryIT extends AfterTheMonth {

  private static String drafted(World world) {
    return world.draft(MONTH).then().statusCode(201).extract().path("id");
  }

  @Test
  void eventsBecomeAnIssuedInvoiceThatAnOutsiderRecomputes() throws Exception {
    World world = new World().tenant("SUBSIDIARY", "GROUP_SERVICE", "");
    World.Run first = world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T12:00:00");
    world.ran("b", 8, "2026-11-02T09:00:00.250", "2026-11-02T09:00:47.001");
    World.Run open = world.ran("c", 1, "2026-11-30T23:00:00", null);
    world.awaitEvents(13);
    open.alive("2026-12-01T00:00:00");
    eventually(
        () -> count("select count(*) from run_heartbeat where run_id = '%s'", open.run) == 1);

    String id =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .header("Location", startsWith("/api/v1/finance/invoices/inv_"))
            .header("ETag", notNullValue())
            .body("state", equalTo("DRAFT"))
            .body("account.businessNumber", equalTo(world.number()))
            // 5,400 won after 25 %: 8 x 3 h, 8 x 60 s, 1 x 1 h
            .body("lines", hasSize(1))
            .body("lines[0].sku", equalTo("b200-sxm-180g.on-demand.kr-ulsan"))
            .body("lines[0].priceVersion", equalTo("v1"))
            .body("lines[0].amount.amount", equalTo("135720"))
            .body("lines[0].details.exactFraction", hasItem("720"))
            .body("supplyValue.amount", equalTo("135720"))
            .body("vat.amount", equalTo("13572"))
            .body("total.amount", equalTo("149292"))
            .extract()
            .path("id");

    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
    as(world.owner).get("/api/v1/tenants/" + world.slug + "/invoices/" + id).then().statusCode(404);

    move(finance(), id, "submit").then().statusCode(200).body("state", equalTo("IN_REVIEW"));
    move(approver(), id, "approve").then().statusCode(200).body("state", equalTo("APPROVED"));
    String number =
        move(finance(), id, "issue")
            .then()
            .statusCode(200)
            .body("state", equalTo("ISSUED"))
            .body("number", startsWith("2026-11-0"))
            .body("issuedBy", equalTo("fin-1"))
            .body("approvedBy", equalTo("app-1"))
            .body("history.action", contains("CREATE", "SUBMIT", "APPROVE", "ISSUE"))
            .extract()
            .path("number");

    as(world.billingViewer)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + number)
        .then()
        .statusCode(200)
        .body("id", equalTo(id))
        .body("lines[0].details", hasSize(3));
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices")
        .then()
        .body("items.number", contains(number));

    Report report = recompute(world, id);
    assertThat(report.differences()).isEmpty();
    assertThat(report.expectedTotal()).isEqualTo("149292");
    assertThat(count("select count(*) from ledger_transaction where document = '%s'", id))
        .isEqualTo(2);
    assertThat(
            count(
                """
                select amount_krw from ledger_entry e join ledger_transaction t
                  on t.id = e.transaction_id
                where document = '%s' and account = 'INTERCOMPANY_RECEIVABLE'""",
                id))
        .isEqualTo(149_292);
    assertThat(count("select coalesce(sum(amount_krw), 0) from ledger_entry")).isZero();
    assertThat(first.lastSequence()).isEqualTo(5);
  }

  private static Report recompute(World world, String invoice) {
    String events =
        auditor()
            .get("/api/v1/finance/exports/events?tenant=" + world.slug + "&month=" + MONTH)
            .then()
            .statusCode(200)
            .contentType("application/x-ndjson")
            .extract()
            .asString();
    String prices =
        auditor().get("/api/v1/finance/exports/prices").then().statusCode(200).extract().asString();
    String json =
        auditor()
            .get("/api/v1/finance/invoices/" + invoice)
            .then()
            .statusCode(200)
            .extract()
            .asString();
    return new InvoiceOracle().verify(events, prices, json);
  }

  @Test
  void saysWhatAClosingTenantOwesUntilItsLastInvoiceIsIssued() {
    World world = World.external();
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T12:00:00");
    world.awaitEvents(5);

    world.closing();

    awaitClosing(world, "The usage of 2026-11 has no invoice yet.");
    String id = drafted(world);
    awaitClosing(world, "The invoice of 2026-11 is DRAFT and not issued.");
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    awaitClosing(world, "The invoice of 2026-11 is APPROVED and not issued.");
    move(finance(), id, "issue").then().statusCode(200);
    awaitClosing(world, "\"blockers\":[]");
  }

  private static void awaitClosing(World world, String said) {
    TestKafka.await(
        Topics.BILLING_CLOSINGS,
        1,
        Duration.ofSeconds(20),
        r -> r.key().equals("ten_" + world.tenant) && r.value().contains(said));
  }

  @Test
  void duplicatesAndArrivalOrderChangeNothingAndGapsAreParked() throws Exception {
    World world = World.external();
    World.Run run = world.b200("a", 8);
    TestKafka.Event created = run.event("instance.created", "2026-11-02T09:00:00");
    TestKafka.Event started = run.event("instance.started", "2026-11-02T09:00:00");
    TestKafka.Event stopped = run.event("instance.stopped", "2026-11-02T10:00:00");
    TestKafka.send(created, stopped);
    eventually(
        () -> count("select count(*) from parked_event where tenant_id = '%s'", world.tenant) == 1);
    world
        .draft(MONTH)
        .then()
        .statusCode(409)
        .body("code", equalTo("MONTH_NOT_READY"))
        .body("params.blockers.code", contains("PARKED_EVENTS"))
        .body("params.blockers[0].params.sequence", equalTo("3"));

    TestKafka.send(started, started, stopped, created);
    world.awaitEvents(3);
    eventually(
        () -> count("select count(*) from parked_event where tenant_id = '%s'", world.tenant) == 0);
    world.draft(MONTH).then().statusCode(201).body("supplyValue.amount", equalTo("57600"));
    assertThat(count("select count(*) from instance_event where tenant_id = '%s'", world.tenant))
        .isEqualTo(3);
  }

  @Test
  void promotionalCreditIsNettedAndBurnedOnce() {
    World world =
        new World()
            .tenant(
                "EXTERNAL",
                "EXTERNAL",
                ",\"segment\":\"STARTUP\",\"programme\":{\"name\":\"startup-credit\","
                    + "\"creditKrw\":50000,\"expires\":\"2027-03-31\"}");
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.ran("b", 8, "2026-12-02T09:00:00", "2026-12-02T10:00:00");
    world.awaitEvents(10);
    world
        .draft("2026-12")
        .then()
        .statusCode(409)
        .body("params.blockers.code", contains("EARLIER_MONTH_OPEN"));
    // 8 GPU-hours at 7,200 less 20 % = 46,080: covered in full, 3,920 left
    String november =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("0"))
            .body("credits[0].exactFraction", equalTo("46080"))
            .extract()
            .path("id");
    String december =
        world
            .draft("2026-12")
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("42160"))
            .body("credits[0].exactFraction", equalTo("3920"))
            .extract()
            .path("id");
    assertThat(recompute(world, november).differences()).isEmpty();
    String events =
        auditor()
            .get("/api/v1/finance/exports/events?tenant=" + world.slug + "&month=2026-12")
            .asString();
    String prices = auditor().get("/api/v1/finance/exports/prices").asString();
    String invoice = auditor().get("/api/v1/finance/invoices/" + december).asString();
    assertThat(new InvoiceOracle().verify(events, prices, invoice).differences()).isEmpty();
  }

  @Test
  void aWithdrawnCreditPaysForWhatWasUsedBefore() {
    World world = new World().tenant("EXTERNAL", "EXTERNAL", ",\"segment\":\"STARTUP\"");
    world.credit("credit.granted", 1, 50_000, "");
    world.credit("credit.withdrawn", 2, 50_000, ",\"withdrawnAt\":\"2026-11-10T00:00:00Z\"");
    eventually(
        () ->
            count("select count(*) from credit_withdrawal where tenant_id = '%s'", world.tenant)
                == 1);
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.ran("b", 8, "2026-11-20T09:00:00", "2026-11-20T10:00:00");
    world.awaitEvents(10);

    // each 8 GPU-hours at 7,200 less 20 % = 46,080: the first is covered, 3,920 lapse
    String invoice =
        world
            .draft(MONTH)
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("46080"))
            .body("credits[0].exactFraction", equalTo("46080"))
            .extract()
            .path("id");

    assertThat(recompute(world, invoice).differences()).isEmpty();
  }

  @Test
  void costShareAndFullGrantsCarryNoVat() {
    World share = new World().tenant("SUBSIDIARY", "COST_SHARE", "");
    share.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    World grant =
        new World()
            .tenant(
                "EXTERNAL",
                "EXTERNAL",
                ",\"segment\":\"ACADEMIA\",\"programme\":{\"name\":\"national-gpu-grant\","
                    + "\"customerSharePct\":0}");
    grant.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    share.awaitEvents(5);
    grant.awaitEvents(5);
    share
        .draft(MONTH)
        .then()
        .statusCode(201)
        .body("vat.amount", equalTo("0"))
        .body("total.amount", equalTo("43200"));
    grant
        .draft(MONTH)
        .then()
        .statusCode(201)
        .body("lines", hasSize(1))
        .body("total.amount", equalTo("0"));
  }

  @Test
  void openRunBlocksTheMonthUntilAHeartbeatProvesIt() throws Exception {
    World world = World.external();
    World.Run open = world.ran("a", 1, "2026-11-30T23:00:00", null);
    world.awaitEvents(3);
    open.alive("2026-11-30T23:59:59");
    eventually(
        () -> count("select count(*) from run_heartbeat where run_id = '%s'", open.run) == 1);
    auditor()
        .get("/api/v1/finance/months/2026-11/readiness?tenant=" + world.slug)
        .then()
        .statusCode(200)
        .body("ready", equalTo(false))
        .body("blockers.code", contains("RUN_WITHOUT_PROOF"))
        .body("blockers[0].params.aliveThrough", equalTo("2026-11-30T14:59:59Z"));
    open.alive("2026-12-01T00:00:10");
    open.alive("2026-11-30T23:00:00");
    eventually(
        () ->
            auditor()
                .get("/api/v1/finance/months/2026-11/readiness?tenant=" + world.slug)
                .jsonPath()
                .getBoolean("ready"));
    world.draft(MONTH).then().statusCode(201).body("supplyValue.amount", equalTo("7200"));
  }

  @Test
  void inventoryMustAgreeBeforeTheMonthCloses() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    FakeInventory.answers(
        "ten_" + world.tenant,
        "{\"items\":[{\"instanceId\":\"ins_%s\",\"lastSequence\":6}]}".formatted(run.instance));
    world
        .draft(MONTH)
        .then()
        .statusCode(409)
        .body("params.blockers.code", contains("MISSING_EVENTS"))
        .body("params.blockers[0].params.knownSequence", equalTo("5"));
    FakeInventory.answers("ten_" + world.tenant, null);
    world.draft(MONTH).then().statusCode(503).body("code", equalTo("UPSTREAM_UNAVAILABLE"));
    FakeInventory.answers(
        "ten_" + world.tenant,
        "{\"items\":[{\"instanceId\":\"ins_%s\",\"lastSequence\":5}]}".formatted(run.instance));
    world.draft(MONTH).then().statusCode(201);
  }

  @Test
  void monthMustHaveEndedAndTenantMustExist() {
    World world = World.external();
    world
        .draft("2027-01")
        .then()
        .statusCode(409)
        .body("code", equalTo("MONTH_NOT_READY"))
        .body("params.blockers.code", contains("MONTH_NOT_ENDED"));
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"tenant\": \"nobody\", \"month\": \"2026-11\"}")
        .post("/api/v1/finance/invoices")
        .then()
        .statusCode(422)
        .body("code", equalTo("UNKNOWN_REFERENCE"))
        .body("errors[0].pointer", equalTo("/tenant"));
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"month\": \"2026-13\"}")
        .post("/api/v1/finance/invoices")
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", contains("/month", "/tenant"));
    finance()
        .body("{\"tenant\": \"%s\", \"month\": \"2026-11\"}".formatted(world.slug))
        .post("/api/v1/finance/invoices")
        .then()
        .statusCode(400)
        .body("code", equalTo("IDEMPOTENCY_KEY_REQUIRED"));
  }

  @Test
  void sameKeyAnswersAgainAndAnotherKeyFindsTheInvoice() {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String key = UUID.randomUUID().toString();
    String id = world.draft(MONTH, key).then().statusCode(201).extract().path("id");
    world
        .draft(MONTH, key)
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", equalTo("true"))
        .body("id", equalTo(id));
    world
        .draft(MONTH)
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"))
        .body("params.invoice", equalTo(id));
    world
        .draft("2026-12", key)
        .then()
        .statusCode(422)
        .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
  }

  @Test
  void ofTwoClosersAtOnceOneWins() throws Exception {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    List<Integer> drafts = atOnce(6, () -> world.draft(MONTH).statusCode());
    assertThat(drafts).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
    String id =
        finance()
            .get("/api/v1/finance/invoices?tenant=" + world.slug)
            .then()
            .body("items", hasSize(1))
            .extract()
            .path("items[0].id");
    move(finance(), id, "submit").then().statusCode(200);
    String etag = move(approver(), id, "approve").then().statusCode(200).extract().header("ETag");
    List<Integer> issues =
        atOnce(
            6,
            () ->
                finance()
                    .header("If-Match", etag)
                    .post("/api/v1/finance/invoices/" + id + "/issue")
                    .statusCode());
    assertThat(issues).containsExactlyInAnyOrder(200, 412, 412, 412, 412, 412);
    assertThat(count("select count(*) from ledger_transaction where document = '%s'", id))
        .isEqualTo(2);
  }

  private static List<Integer> atOnce(int n, Callable<Integer> call) throws Exception {
    try (var threads = Executors.newFixedThreadPool(n)) {
      var results = new ArrayList<Integer>();
      for (Future<Integer> f : threads.invokeAll(Collections.nCopies(n, call))) {
        results.add(f.get());
      }
      return results;
    }
  }

  @Test
  void numbersHaveNoHolesEvenWhenIssuesFail() throws Exception {
    for (int i = 0; i < 3; i++) {
      World world = World.external();
      world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
      world.awaitEvents(5);
      String id = world.issued(MONTH);
      move(finance(), id, "issue").then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    }
    assertThat(
            count(
                "select max(right(number, 6)::bigint) - count(*) from invoice"
                    + " where month = '2026-11' and state = 'ISSUED'"))
        .isZero();
  }

  @Test
  void nobodyApprovesWhatTheyPrepared() throws Exception {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String id = drafted(world);
    move(as("both", "finance", "finance-approver"), id, "submit").then().statusCode(200);
    move(as("both", "finance", "finance-approver"), id, "approve")
        .then()
        .statusCode(409)
        .body("code", equalTo("FOUR_EYES"));
    move(as("fin-1", "finance", "finance-approver"), id, "approve")
        .then()
        .statusCode(409)
        .body("code", equalTo("FOUR_EYES"));
    UUID uuid = UUID.fromString(id.substring(4));
    assertRefused(
        "update invoice set state = 'APPROVED', approved_by = 'both' where id = '%s'"
            .formatted(uuid),
        "four_eyes");
    assertRefused(
        "update invoice set preparers = '{nobody}' where id = '%s'".formatted(uuid),
        "stays among its preparers");
    move(approver().body("{\"comment\": \"which price?\"}"), id, "return")
        .then()
        .statusCode(200)
        .body("state", equalTo("DRAFT"))
        .body("history.last().comment", equalTo("which price?"));
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
  }

  @Test
  void movesNeedTheVersionSeenAndTheRightState() {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String id = drafted(world);
    String path = "/api/v1/finance/invoices/" + id;
    finance().post(path + "/submit").then().statusCode(428);
    finance().header("If-Match", "\"99\"").post(path + "/submit").then().statusCode(412);
    move(approver(), id, "approve").then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    move(finance(), id, "issue").then().statusCode(409).body("code", equalTo("STATE_CONFLICT"));
    move(finance(), id, "return").then().statusCode(409);
    move(finance().body("{\"coment\": \"x\"}"), id, "submit")
        .then()
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"))
        .body("errors[0].pointer", equalTo("/coment"));
    move(finance().body("{\"comment\": "), id, "submit")
        .then()
        .statusCode(400)
        .body("code", equalTo("MALFORMED_BODY"));
    given()
        .header("Authorization", "Bearer " + TestTokens.user("fin-1", "fin-1", "finance"))
        .header("If-Match", "\"0\"")
        .post(path + "/submit")
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
  }

  @Test
  void draftGoesStaleWithNewUsageAndIsRatedAnew() {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String id = drafted(world);
    world.ran("late", 1, "2026-11-11T23:00:00", "2026-11-12T00:00:00");
    world.awaitEvents(10);
    move(finance(), id, "submit")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.meteredEvents", equalTo(4));
    move(finance(), id, "rerate")
        .then()
        .statusCode(200)
        .body("supplyValue.amount", equalTo("10800"))
        .body("lines[0].details", hasSize(2));
    move(finance(), id, "submit").then().statusCode(200);
    assertThat(recompute(world, id).differences()).isEmpty();
  }

  @Test
  void issuedInvoicesAndPostingsCannotBeChangedByAnyRole() throws Exception {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    UUID id = UUID.fromString(world.issued(MONTH).substring(4));
    for (String sql :
        List.of(
            "update invoice set total_krw = total_krw + 1, supply_krw = supply_krw + 1 where id = '%s'",
            "update invoice set state = 'DRAFT', number = null, approved_by = null where id = '%s'",
            "delete from invoice_line where invoice_id = '%s'",
            "update invoice_line set amount_krw = 1 where invoice_id = '%s'",
            "delete from rated_rows where invoice_id = '%s'",
            "update ledger_entry set amount_krw = 1 where '%s' <> ''",
            "delete from ledger_transaction where document = 'inv_%s'",
            "insert into ledger_entry select tenant_id, id, 90 + n, a, w from ledger_transaction,"
                + " (values (1, 'REVENUE', -5), (2, 'RECEIVABLE', 5)) as e (n, a, w)"
                + " where document = 'inv_%s'",
            "update invoice_history set comment = 'x' where invoice_id = '%s'",
            "update price_version set list_price_krw = 1 where '%s' <> ''",
            "truncate ledger_entry -- %s")) {
      assertRefused(sql.formatted(id), "");
      assertThat(refusal(asAdmin(sql.formatted(id))))
          .as("superuser: " + sql)
          .containsAnyOf("is issued", "append-only", "is final");
    }
    assertThat(refusal(asAdmin("truncate invoice cascade"))).contains("append-only");
    assertThat(
            refusal(
                asAdmin(
                    "insert into invoice_line select tenant_id, invoice_id, 99, project_id,"
                        + " project_slug, description, sku, price_version, tax_type, category,"
                        + " original_month, unit, quantity, exact_amount, rounding_amount,"
                        + " amount_krw, vat_krw from invoice_line where invoice_id = '"
                        + id
                        + "'")))
        .contains("is issued");
  }

  @Test
  void whatIsIssuedIsTheSumOfItsLinesWhoeverWrites() {
    World world = World.external();
    world.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    world.awaitEvents(5);
    String id = drafted(world);
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    UUID uuid = UUID.fromString(id.substring(4));
    assertRefused(
        "update invoice set state = 'ISSUED', number = '2026-11-900001', supply_krw = 5,"
            + " vat_krw = 0, total_krw = 5 where id = '%s'".formatted(uuid),
        "is not the sum of its lines");
    assertRefused(
        """
        do $do$ declare columns text; begin
          select string_agg(column_name, ', ') into columns from information_schema.columns
          where table_name = 'invoice' and is_generated = 'NEVER'
            and column_name not in ('id', 'month');
          execute format('insert into invoice (id, month, %1$s) select gen_random_uuid(),'
            ' ''2019-01'', %1$s from invoice where id = %2$L', columns, 'ID');
        end $do$"""
            .replace("'ID'", "'" + uuid + "'"),
        "begins as a draft");
  }

  /** As each of the service's working roles; the message must contain the text. */
  private static void assertRefused(String sql, String text) {
    for (String role : List.of("billing_app", "billing_system", "billing_platform")) {
      assertThat(
              refusal(
                  () -> {
                    try (Connection c = TestDatabase.as(role, "");
                        Statement s = c.createStatement()) {
                      s.execute(sql);
                    }
                  }))
          .as(role + ": " + sql)
          .satisfiesAnyOf(
              m -> assertThat(m).contains("permission denied"),
              m ->
                  assertThat(m)
                      .contains(text)
                      .containsAnyOf(
                          "violates",
                          "is issued",
                          "append-only",
                          "is final",
                          "stays among",
                          "is not the sum",
                          "begins as"));
    }
  }

  private static ThrowingCallable asAdmin(String sql) {
    return () -> {
      try (Connection c = TestDatabase.admin();
          Statement s = c.createStatement()) {
        s.execute(sql);
      }
    };
  }

  private static String refusal(ThrowingCallable call) {
    try {
      call.call();
      return "not refused";
    } catch (SQLException e) {
      return e.getMessage();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void unbalancedPostingsDoNotCommit() {
    assertThat(
            refusal(
                () -> {
                  try (Connection c = TestDatabase.as("billing_platform", "");
                      Statement s = c.createStatement()) {
                    UUID t = UUID.randomUUID();
                    UUID id = UUID.randomUUID();
                    s.execute(
                        "insert into ledger_transaction values ('%s','%s','doc-%s','ISSUE',1,null,'x',now())"
                            .formatted(t, id, id));
                    s.execute(
                        "insert into ledger_entry values ('%s','%s',1,'REVENUE',5)"
                            .formatted(t, id));
                    c.commit();
                  }
                }))
        .contains("does not sum to zero");
  }

  @Test
  void theSecondWallHoldsWithoutAWhereClause() throws Exception {
    World mine = World.external();
    World other = World.external();
    for (World w : List.of(mine, other)) {
      w.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
      w.awaitEvents(5);
      w.issued(MONTH);
    }
    for (String table :
        List.of(
            "invoice", "invoice_line", "rated_rows", "run", "usage_interval", "billing_account")) {
      assertThat(visible(table, mine.tenant.toString())).as(table).isPositive();
      assertThat(foreign(table, mine)).as(table).isZero();
      assertThat(visible(table, "")).as(table).isZero();
    }
    String draft = "2026-12";
    mine.ran("d", 1, "2026-12-10T23:00:00", "2026-12-10T23:30:00");
    mine.awaitEvents(10);
    mine.draft(draft).then().statusCode(201);
    assertThat(visible("invoice where month = '2026-12'", mine.tenant.toString())).isZero();
    assertThat(visible("invoice_line where original_month = '2026-12'", mine.tenant.toString()))
        .isZero();
  }

  private static long visible(String table, String tenant) throws SQLException {
    try (Connection c = TestDatabase.as("billing_app", tenant);
        Statement s = c.createStatement();
        var r = s.executeQuery("select count(*) from " + table)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static long foreign(String table, World world) throws SQLException {
    return visible(table + " where tenant_id <> '" + world.tenant + "'", world.tenant.toString());
  }

  @Test
  void strangersAndWrongRolesAreTurnedAway() {
    World mine = World.external();
    World other = World.external();
    mine.ran("a", 1, "2026-11-10T23:00:00", "2026-11-10T23:30:00");
    mine.awaitEvents(5);
    String id = mine.issued(MONTH);
    for (String path : List.of("/invoices", "/invoices/" + id, "/usage")) {
      String mineAt = "/api/v1/tenants/" + mine.slug + path;
      given().get(mineAt).then().statusCode(401);
      as(other.owner).get(mineAt).then().statusCode(404);
      as(mine.viewer).get(mineAt).then().statusCode(403);
      as(mine.owner).get(mineAt).then().statusCode(200);
    }
    as(other.owner).get("/api/v1/tenants/" + other.slug + "/invoices/" + id).then().statusCode(404);
    as(other.owner).get("/api/v1/projects/prj_" + mine.project + "/usage").then().statusCode(404);
    for (String path :
        List.of(
            "/finance/invoices",
            "/finance/invoices/" + id,
            "/finance/accounts",
            "/finance/exports/prices",
            "/finance/exports/events?tenant=x&month=2026-11",
            "/finance/months/2026-11/readiness?tenant=" + mine.slug)) {
      given().get("/api/v1" + path).then().statusCode(401);
      as(mine.owner).get("/api/v1" + path).then().statusCode(403);
    }
    for (String action : List.of("submit", "approve", "return", "issue", "rerate")) {
      String path = "/api/v1/finance/invoices/" + id + "/" + action;
      given().post(path).then().statusCode(401);
      as(mine.owner).post(path).then().statusCode(403);
      auditor().post(path).then().statusCode(403);
    }
    move(approver(), id, "submit").then().statusCode(403);
    move(finance(), id, "approve").then().statusCode(403);
    auditor().get("/api/v1/finance/invoices/inv_" + UUID.randomUUID()).then().statusCode(404);
    auditor().get("/api/v1/finance/invoices/nonsense").then().statusCode(404);
  }

  @Test
  void usageCountsWhatRunsUpToTheBusinessClock() {
    World world = World.external();
    world.ran("done", 8, "2027-01-01T10:00:00", "2027-01-01T11:00:00");
    world.ran("open", 1, "2027-01-01T22:00:00", null);
    world.awaitEvents(8);
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/usage?month=2027-01")
        .then()
        .statusCode(200)
        .body("through", equalTo("2027-01-01T15:00:00Z"))
        .body("exactAmount", equalTo("72000.000000000000"))
        .body("gpuHours", equalTo("10.000000000000"))
        .body("projects[0].exactAmount", equalTo("72000.000000000000"))
        .body("models.gpuModel", contains("b200-sxm-180g"))
        .body("models[0].gpuHours", equalTo("10.000000000000"))
        .body("models[0].exactAmount", equalTo("72000.000000000000"))
        .body("items.instance.name", contains("done", "open"))
        .body("items.exactAmount", contains("57600.000000000000", "14400.000000000000"))
        .body("items[0].billedSeconds", equalTo("3600"))
        .body("items[0].end", equalTo("2027-01-01T02:00:00Z"));
    as(world.viewer)
        .get("/api/v1/projects/" + world.slug + ".p/usage?pageSize=1")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("nextPageToken", notNullValue());
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/usage?month=nov")
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"));
  }

  @Test
  void financeSeesAnyTenantsUsageAsTheTenantDoes() {
    World world = World.external();
    world.ran("done", 8, "2027-01-01T10:00:00", "2027-01-01T11:00:00");
    world.ran("open", 1, "2027-01-01T22:00:00", null);
    world.awaitEvents(8);
    String path = "/api/v1/finance/usage";
    String own =
        as(world.owner).get("/api/v1/tenants/" + world.slug + "/usage").then().extract().asString();
    for (RequestSpecification who : List.of(finance(), approver(), auditor())) {
      assertThat(who.get(path + "?tenant=" + world.slug).then().extract().asString())
          .isEqualTo(own);
    }
    auditor()
        .get(path + "?month=2027-01&pageSize=1&tenant=ten_" + world.tenant)
        .then()
        .statusCode(200)
        .body("exactAmount", equalTo("72000.000000000000"))
        .body("projects.project.slug", contains("p"))
        .body("models.gpuModel", contains("b200-sxm-180g"))
        .body("items", hasSize(1))
        .body("nextPageToken", notNullValue());
    auditor()
        .get(path)
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body("errors.pointer", contains("tenant"));
    auditor()
        .get(path + "?tenant=nobody-here")
        .then()
        .statusCode(404)
        .body("code", equalTo("NOT_FOUND"))
        .body("errors.pointer", contains("tenant"));
    auditor()
        .get(path + "?month=nov&tenant=" + world.slug)
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("month"));
    as(world.owner).get(path + "?tenant=" + world.slug).then().statusCode(403);
  }

  @Test
  void sameIdWithAnotherPayloadIsQuarantined() throws Exception {
    World world = World.external();
    World.Run run = world.b200("a", 8);
    TestKafka.Event first = run.event(1, "instance.started", "2026-11-02T09:00:00");
    TestKafka.Event other = run.event(1, "instance.started", "2026-11-02T08:00:00");
    var forged =
        new TestKafka.Event(
            first.id(),
            first.source(),
            first.topic(),
            first.key(),
            first.type(),
            first.tenant(),
            1,
            other.json());
    TestKafka.send(first, forged, run.event(2, "instance.stopped", "2026-11-02T10:00:00"));
    world.awaitEvents(2);
    assertThat(count("select count(*) from quarantined_event where id = '%s'", first.id())).isOne();
    world.draft(MONTH).then().statusCode(201).body("supplyValue.amount", equalTo("57600"));
  }

  @Test
  void unpricedUsageBlocksTheMonth() {
    World world = World.external();
    World.Run run = world.new Run("x", "future.1x", "future-gpu", 1);
    TestKafka.send(
        run.event("instance.started", "2026-11-02T09:00:00"),
        run.event("instance.stopped", "2026-11-02T10:00:00"));
    world.awaitEvents(2);
    world
        .draft(MONTH)
        .then()
        .statusCode(409)
        .body("params.blockers.code", contains("NO_PRICE"))
        .body("detail", containsString("future-gpu.on-demand.kr-ulsan"));
  }
}
