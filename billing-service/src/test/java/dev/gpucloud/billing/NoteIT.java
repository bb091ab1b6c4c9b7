package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.NOTES;
import static dev.gpucloud.billing.fixture.AfterIssue.accepted;
import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.decide;
import static dev.gpucloud.billing.fixture.AfterIssue.made;
import static dev.gpucloud.billing.fixture.AfterIssue.prepare;
import static dev.gpucloud.billing.fixture.AfterIssue.prepared;
import static dev.gpucloud.billing.fixture.AfterIssue.sla;
import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Notes against issued invoices, from the request to ledger, tax office, documents and payments.
 */
@QuarkusTest
class NoteIT extends AfterTheMonth {

  private World world;

  @BeforeEach
  void priced() throws Exception {
    world = World.external();
  }

  // ---- helpers

  private static String issue(String id) {
    move(finance(), id, "submit").then().statusCode(200);
    move(approver(), id, "approve").then().statusCode(200);
    return move(finance(), id, "issue").then().statusCode(200).extract().path("number");
  }

  private String issued(String month) {
    return issue(world.draft(month).then().statusCode(201).extract().path("id"));
  }

  /** An invoice of a monthly fee alone. */
  private String feeInvoice(long krw) {
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(
            """
            {"reference":"fee-1","kind":"MONTHLY_FEE","from":"2026-11-01","until":"2026-11-30",
             "terms":{"name":"support","amountKrwPerMonth":"%d"}}\
            """
                .formatted(krw))
        .post("/api/v1/finance/accounts/" + world.account() + "/agreements")
        .then()
        .statusCode(201);
    return issued("2026-11");
  }

  private static void madeAndAccepted(String number) throws IOException {
    made(number);
    accepted(number);
  }

  private static long entry(String document, String account) {
    return count(
        """
        select coalesce(sum(e.amount_krw), 0) from ledger_entry e join ledger_transaction t
          on t.id = e.transaction_id where t.document = '%s' and e.account = '%s'\
        """,
        document, account);
  }

  // ---- SLA credits

  @Test
  void tenPercentAreCreditedPostedAmendedShownAndTheSameOffline() throws Exception {
    String number = feeInvoice(20_280_000);
    madeAndAccepted(number);
    String note =
        prepare(number, sla("\"percent\":\"10\""))
            .then()
            .statusCode(201)
            .header("ETag", equalTo("\"1\""))
            .header("Location", startsWith(NOTES + "nte_"))
            .body("state", equalTo("IN_REVIEW"))
            .body("number", nullValue())
            .body("reason", equalTo(2))
            .body("writeDate", equalTo("2027-01-02"))
            .body("supplyValue.amount", equalTo("-2028000"))
            .body("vat.amount", equalTo("-202800"))
            .extract()
            .path("id");
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + number)
        .then()
        .body("notes", hasSize(0))
        .body("noted.amount", equalTo("0"));

    decide(as("fin-1", "finance", "finance-approver"), note, "approve")
        .then()
        .statusCode(409)
        .body("code", equalTo("FOUR_EYES"));
    String noteNumber =
        approved(note)
            .body("state", equalTo("ISSUED"))
            .body("number", equalTo(number + "-C01"))
            .body("decidedBy", equalTo("app-1"))
            .body("taxDocuments", contains(number + "-D1"))
            .extract()
            .path("number");
    decide(approver(), note, "approve").then().statusCode(409);

    assertThat(entry(note, "REVENUE")).isEqualTo(2_028_000);
    assertThat(entry(note, "VAT_PAYABLE")).isEqualTo(202_800);
    assertThat(entry(note, "RECEIVABLE")).isEqualTo(-2_230_800);
    assertThat(
            count(
                """
                select count(*) from ledger_transaction t join ledger_transaction i
                  on i.id = t.corrects and i.kind = 'ISSUE' where t.document = '%s'\
                """,
                note))
        .isEqualTo(1);
    auditor()
        .get("/api/v1/finance/invoices/" + number + "/tax-documents")
        .then()
        .body("items.key", contains(number, number + "-D1"))
        .body("items[1].reason", equalTo(2))
        .body("items[1].writeDate", equalTo("2027-01-02"))
        .body("items[1].supplyValue.amount", equalTo("-2028000"))
        .body("items[1].vat.amount", equalTo("-202800"));
    as(world.billingViewer)
        .get("/api/v1/tenants/" + world.slug + "/invoices")
        .then()
        .body("items[0].noted.amount", equalTo("-2230800"));
    as(world.billingViewer)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + number)
        .then()
        .body("notes.number", contains(noteNumber))
        .body("notes[0].kind", equalTo("SLA"))
        .body("notes[0].total.amount", equalTo("-2230800"));
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + number + "/payments")
        .then()
        .statusCode(200)
        .body("total.amount", equalTo("22308000"))
        .body("noted.amount", equalTo("-2230800"))
        .body("paid.amount", equalTo("0"))
        .body("open.amount", equalTo("20077200"));
    TestKafka.await(
        Topics.INVOICES,
        1,
        Duration.ofSeconds(20),
        r ->
            r.key().equals(note)
                && TestKafka.header(r, "ce_type").equals("invoice-note.issued")
                && r.value().replace(" ", "").contains("\"supplyKrw\":-2028000")
                && r.value().replace(" ", "").contains("\"mode\":\"EXTERNAL\""));
    assertDocuments(number, noteNumber);

    JsonNode offline = Offline.rate(world.slug, "2027-01", Offline.events("2026-11", world));
    assertThat(offline.at("/documents").size()).isEqualTo(1);
    assertThat(offline.at("/documents/0/kind").asText()).isEqualTo("CREDIT_NOTE");
    assertThat(offline.at("/documents/0/supplyValue/amount").asText()).isEqualTo("-2028000");
    assertThat(offline.at("/documents/0/vat/amount").asText()).isEqualTo("-202800");
  }

  private void assertDocuments(String number, String note) {
    String path = "/api/v1/tenants/" + world.slug + "/invoices/" + note;
    String focus =
        as(world.owner).get(path + "/focus.csv").then().statusCode(200).extract().asString();
    assertThat(focus.lines().findFirst().orElseThrow()).contains("x_CorrectsChargeId");
    assertThat(focus).contains(number + "/1/1").contains("-2028000").contains("-202800");
    byte[] pdf =
        as(world.owner)
            .get(path + "/pdf?lang=en")
            .then()
            .statusCode(200)
            .contentType("application/pdf")
            .extract()
            .asByteArray();
    assertThat(pdf).startsWith("%PDF".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    auditor().get("/api/v1/finance/invoices/" + note + "/csv").then().statusCode(200);
    auditor().get("/api/v1/finance/invoices/" + note + "/tax-document").then().statusCode(404);
    World other = World.external();
    as(other.owner)
        .get("/api/v1/tenants/" + other.slug + "/invoices/" + note + "/pdf")
        .then()
        .statusCode(404);
  }

  @Test
  void vatCountsAllCreditsSoFarAndNoMoreThanTheOriginalIsTakenBack() throws Exception {
    String number = feeInvoice(129_600);
    String first = prepared(number, sla("\"amountKrw\":\"12965\""));
    String second = prepared(number, sla("\"amountKrw\":\"5\""));
    prepare(number, sla("\"amountKrw\":\"116631\""))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/amountKrw"))
        .body("errors[0].detail", containsString("129600 are left"))
        .body("errors[0].detail", containsString("notes in review take back 12970"));
    approved(second).body("vat.amount", equalTo("0")).body("number", equalTo(number + "-C01"));
    approved(first).body("vat.amount", equalTo("-1297")).body("taxDocuments", hasSize(0));
    String rest = prepared(number, sla("\"percent\":\"89.984567\""));
    decide(finance(), rest, "withdraw").then().statusCode(200).body("state", equalTo("WITHDRAWN"));
    String all =
        prepared(number, "{\"kind\":\"SUPPLY_CHANGE\",\"amountKrw\":\"-116630\",\"why\":\"w\"}");
    // everything is credited: supply value and VAT net to nothing
    approved(all).body("number", equalTo(number + "-C03")).body("vat.amount", equalTo("-11663"));
    auditor()
        .get("/api/v1/finance/invoices/" + number)
        .then()
        .body("noted.amount", equalTo("-142560"))
        .body("total.amount", equalTo("142560"));
    auditor()
        .get("/api/v1/finance/invoices/" + number + "/payments")
        .then()
        .body("state", equalTo("PAID"))
        .body("open.amount", equalTo("0"));
    assertThat(
            count(
                "select coalesce(sum(amount_krw), 0) from ledger_entry where tenant_id = '%s'",
                world.tenant))
        .isZero();

    // the original is accepted later: each note amends it once then
    madeAndAccepted(number);
    amended(second, 201);
    amended(second, 409);
    amended(first, 201);
    auditor().get(NOTES + first).then().body("taxDocuments", contains(number + "-D2"));
  }

  private static void amended(String note, int status) {
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(NOTES + note + "/tax-documents")
        .then()
        .statusCode(status);
  }

  @Test
  void takesAllBackOnce() throws Exception {
    String number = feeInvoice(100_000);
    madeAndAccepted(number);
    String note =
        prepared(number, "{\"kind\":\"RESCINDED\",\"day\":\"2026-12-20\",\"why\":\"they left\"}");
    prepare(number, "{\"kind\":\"DOUBLE_ISSUE\",\"why\":\"w\"}").then().statusCode(409);
    approved(note)
        .body("reason", equalTo(4))
        .body("supplyValue.amount", equalTo("-100000"))
        .body("vat.amount", equalTo("-10000"))
        .body("writeDate", equalTo("2026-12-20"))
        .body("taxDocuments", contains(number + "-M1"));
    prepare(number, sla("\"amountKrw\":\"1\"")).then().statusCode(409);
  }

  /** A note in review changes nothing of what is left yet, and is named beside it. */
  @Test
  void saysWhatIsLeftOfWhatWasIssuedAndWhatWaits() {
    String number = feeInvoice(100_000);
    approved(prepared(number, sla("\"amountKrw\":\"1000\"")));
    prepared(number, sla("\"amountKrw\":\"200\""));

    prepare(number, "{\"kind\":\"DOUBLE_ISSUE\",\"why\":\"w\"}")
        .then()
        .statusCode(409)
        .body("params.leftKrw", equalTo(99_000))
        .body("params.waitingKrw", equalTo(-200));
    prepare(number, sla("\"amountKrw\":\"98801\""))
        .then()
        .statusCode(400)
        .body(
            "errors[0].detail",
            equalTo(
                "takes back 98801 won, and 99000 are left of the invoice, of which notes in review"
                    + " take back 200"));
  }

  @Test
  void paymentsCountWhatNotesAddAndTakeBack() {
    String number = feeInvoice(100_000);
    approved(
        prepared(number, "{\"kind\":\"SUPPLY_CHANGE\",\"amountKrw\":\"50000\",\"why\":\"more\"}"));
    String allocation =
        finance()
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .body(
                """
                {"receivedOn":"2026-12-24","amount":{"amount":"165000","currency":"KRW"},
                 "payer":"them","reference":"%s"}\
                """
                    .formatted(number))
            .post("/api/v1/finance/payments")
            .then()
            .statusCode(201)
            .extract()
            .path("allocations[0].id");
    String payments = "/api/v1/finance/invoices/" + number + "/payments";
    auditor()
        .get(payments)
        .then()
        .body("noted.amount", equalTo("55000"))
        .body("paid.amount", equalTo("165000"))
        .body("open.amount", equalTo("0"))
        .body("state", equalTo("PAID"));

    approved(prepared(number, sla("\"amountKrw\":\"10000\"")));
    auditor()
        .get(payments)
        .then()
        .body("noted.amount", equalTo("44000"))
        .body("open.amount", equalTo("-11000"));
    // more was paid than is owed now: it is taken back, and what is owed given anew
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"comment\":\"credited\"}")
        .post("/api/v1/finance/payment-allocations/" + allocation + "/take-back")
        .then()
        .statusCode(201);
    auditor().get(payments).then().body("open.amount", equalTo("154000"));
  }

  @Test
  void twoApproversAtOnceIssueOneNote() throws Exception {
    String number = feeInvoice(100_000);
    String note = prepared(number, sla("\"amountKrw\":\"1000\""));
    List<Integer> answers =
        Stream.of("app-1", "app-2")
            .map(
                who ->
                    CompletableFuture.supplyAsync(
                        () ->
                            as(who, "finance-approver")
                                .header("If-Match", "\"1\"")
                                .body("{}")
                                .post(NOTES + note + "/approve")
                                .statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();
    assertThat(answers).containsExactly(200, 412);
    assertThat(count("select count(*) from ledger_transaction where document = '%s'", note))
        .isEqualTo(1);
    assertThatThrownBy(() -> sql("update invoice_note set supply_krw = 0 where id = '%s'", note))
        .hasMessageContaining("final");
    assertThatThrownBy(() -> sql("delete from invoice_note where id = '%s'", note))
        .hasMessageContaining("not deleted");
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    String number = feeInvoice(100_000);
    prepare(
            number,
            """
            {"kind":"SLA","percent":"0","periodFrom":"2026-11-04","periodTo":"2026-11-03",
             "day":"2027-02-01"}\
            """)
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", containsInAnyOrder("/why", "/percent", "/periodTo", "/day"));
    prepare(number, "{\"kind\":\"GIFT\"}")
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/kind", "/why"));
    prepare(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"w\",\"amountKrw\":\"1\"}")
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/amountKrw"));
    prepare(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"w\"}")
        .then()
        .statusCode(409)
        .body("detail", containsString("Nothing arrived"));
    prepare(number, sla("\"percent\":\"10\",\"sku\":\"no.such.sku\""))
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/sku"));
    assertThat(given().get(NOTES + "nte_" + UUID.randomUUID()).statusCode()).isEqualTo(401);
    assertThat(as(world.owner).get(NOTES).statusCode()).isEqualTo(403);
    assertThat(finance().get(NOTES + "nte_" + UUID.randomUUID()).statusCode()).isEqualTo(404);
  }

  @Test
  void ofAnInvoiceOfNothingThereIsNothingToTakeBack() {
    String number = issued("2026-11");
    prepare(number, "{\"kind\":\"RESCINDED\",\"why\":\"they left\"}")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("detail", containsString("comes to 0 won"));
  }

  // ---- late usage that amends the document

  @Test
  void aLateStopAmendsAugustAndEmptiesSeptember() throws Exception {
    finance()
        .header("If-Match", "\"0\"")
        .body("{\"way\":\"AMENDED\",\"writeOffBelowKrw\":\"100\"}")
        .put("/api/v1/finance/accounts/" + world.account() + "/late-usage-policy")
        .then()
        .statusCode(200);
    World.Run run = world.new Run("late", "h100.4x", "h100-sxm-80g", 4);
    TestKafka.send(run.event("instance.started", "2026-08-30T20:00:00"));
    run.alive("2026-10-01T00:00:00");
    world.awaitEvents(1);
    eventually(() -> count("select count(*) from run_heartbeat where run_id = '%s'", run.run) == 1);
    String number = issued("2026-08");
    madeAndAccepted(number);
    prepare(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"w\"}").then().statusCode(409);

    TestKafka.send(run.event("instance.stopped", "2026-08-31T02:30:00"));
    world.awaitEvents(2);
    world
        .draft("2026-09")
        .then()
        .statusCode(201)
        .body("lines", hasSize(0))
        .body("supplyValue.amount", equalTo("0"));
    String mine = "items.find { it.invoiceNumber == '" + number + "' }";
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .statusCode(200)
        .body(mine + ".outcome", equalTo("AMENDED"))
        .body(mine + ".change.amount", equalTo("-387000"))
        .body(mine + ".settlingNote", nullValue());

    String note =
        prepare(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"the stop came late\"}")
            .then()
            .statusCode(201)
            .body("reason", equalTo(1))
            .body("writeDate", equalTo("2026-08-31"))
            .body("supplyValue.amount", equalTo("-387000"))
            .body("vat.amount", equalTo("-38700"))
            .extract()
            .path("id");
    prepare(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"again\"}").then().statusCode(409);
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body(mine + ".settlingNote", equalTo(note));
    approved(note).body("taxDocuments", contains(number + "-M1", number + "-P1"));

    auditor()
        .get("/api/v1/finance/invoices/" + number + "/tax-documents")
        .then()
        .body("items.supplyValue.amount", contains("504000", "-504000", "117000"))
        .body("items.vat.amount", contains("50400", "-50400", "11700"))
        .body("items.reason", contains(null, 1, 1))
        .body("items.writeDate", contains("2026-08-31", "2026-08-31", "2026-08-31"));
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body("items.invoiceNumber.contains('" + number + "')", equalTo(false));
    assertThat(entry(note, "RECEIVABLE")).isEqualTo(-425_700);
    auditor()
        .get("/api/v1/finance/invoices/" + number + "/payments")
        .then()
        .body("open.amount", equalTo("128700"));

    JsonNode august = Offline.rate(world.slug, "2026-08", Offline.events("2026-08", world));
    assertThat(august.at("/supplyValue/amount").asText()).isEqualTo("117000");
    assertThat(august.at("/vat/amount").asText()).isEqualTo("11700");
    JsonNode september = Offline.rate(world.slug, "2026-09", Offline.events("2026-08", world));
    assertThat(september.at("/supplyValue/amount").asText()).isEqualTo("0");
    assertThat(september.at("/documents").findValuesAsText("kind"))
        .containsExactly("REVERSAL", "REPLACEMENT");
    assertThat(september.at("/documents/0/supplyValue/amount").asText()).isEqualTo("-504000");
    assertThat(september.at("/documents/1/vat/amount").asText()).isEqualTo("11700");
    auditor().get(NOTES + "?state=ISSUED").then().statusCode(200).body("items.id", hasItem(note));
  }

  /** The same hours of another project come to the same won: the document is right as it stands. */
  @Test
  void lateUsageThatMovedBetweenProjectsAmendsNoDocument() throws Exception {
    finance()
        .header("If-Match", "\"0\"")
        .body("{\"way\":\"AMENDED\",\"writeOffBelowKrw\":\"0\"}")
        .put("/api/v1/finance/accounts/" + world.account() + "/late-usage-policy")
        .then()
        .statusCode(200);
    World.Run run = world.new Run("moved", "h100.4x", "h100-sxm-80g", 4);
    TestKafka.send(run.event("instance.started", "2026-08-30T20:00:00"));
    run.alive("2026-10-01T00:00:00");
    world.awaitEvents(1);
    eventually(() -> count("select count(*) from run_heartbeat where run_id = '%s'", run.run) == 1);
    String number = issued("2026-08");
    madeAndAccepted(number);
    TestKafka.Event move = run.event("instance.moved", "2026-08-30T22:00:00");
    String lab = move.json().replace(world.project.toString(), UUID.randomUUID().toString());
    TestKafka.send(
        TestKafka.Event.of(
            move.source(),
            move.topic(),
            move.key(),
            move.type(),
            move.tenant(),
            move.sequence(),
            lab.replace("\"projectSlug\":\"p\"", "\"projectSlug\":\"lab\"")));
    world.awaitEvents(2);

    String note = prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"it moved\"}");
    approved(note)
        .body("supplyValue.amount", equalTo("0"))
        .body("lines", hasSize(2))
        .body("taxDocuments", hasSize(0));

    amended(note, 409);
    auditor()
        .get("/api/v1/finance/invoices/" + number + "/tax-documents")
        .then()
        .body("items", hasSize(1));
    JsonNode september = Offline.rate(world.slug, "2026-09", Offline.events("2026-08", world));
    assertThat(september.at("/corrections/0/outcome").asText()).isEqualTo("AMENDED");
    assertThat(september.at("/documents")).isEmpty();
  }

  private static void sql(String statement, String note) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(statement.formatted(note.substring(4)));
    }
  }
}
