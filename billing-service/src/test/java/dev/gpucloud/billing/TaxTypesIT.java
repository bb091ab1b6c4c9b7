package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.accepted;
import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.assertDocuments;
import static dev.gpucloud.billing.fixture.AfterIssue.made;
import static dev.gpucloud.billing.fixture.AfterIssue.numberOf;
import static dev.gpucloud.billing.fixture.AfterIssue.posted;
import static dev.gpucloud.billing.fixture.AfterIssue.prepare;
import static dev.gpucloud.billing.fixture.AfterIssue.prepared;
import static dev.gpucloud.billing.fixture.AfterIssue.sla;
import static dev.gpucloud.billing.fixture.AfterIssue.taxDocuments;
import static dev.gpucloud.billing.fixture.AfterIssue.toInvoice;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static dev.gpucloud.billing.fixture.World.finance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An account that was zero-rated until the end of August: what arrives late for August is
 * zero-rated, on an invoice whose other lines are taxed.
 */
@QuarkusTest
class TaxTypesIT extends AfterTheMonth {
  private World world;
  private World.Run late;

  /** 4 GPUs from 08-30 20:00, reported alive beyond the month: 28 h, 504,000 won. */
  @BeforeEach
  void aZeroRatedMonthThatIsIssued() {
    world = World.external();
    world.agreed(
        "confirmation",
        "TAXATION",
        "\"from\":\"2026-08-01\",\"until\":\"2026-08-31\"",
        "{\"taxType\":\"ZERO_RATED\",\"evidence\":\"purchase confirmation 17\"}");
    late = runsIntoSeptember("late");
    world.issued("2026-08");
  }

  private World.Run runsIntoSeptember(String name) {
    World.Run run = world.new Run(name, "h100.4x", "h100-sxm-80g", 4);
    TestKafka.send(run.event("instance.started", "2026-08-30T20:00:00"));
    run.alive("2026-10-01T00:00:00");
    eventually(() -> count("select count(*) from run_heartbeat where run_id = '%s'", run.run) == 1);
    eventually(
        () -> count("select count(*) from instance_event where run_id = '%s'", run.run) == 1);
    return run;
  }

  /** 12 h on 8 GPUs, 432,000 won. */
  private void usedInSeptember() {
    World.Run run = world.new Run("september", "h100.8x", "h100-sxm-80g", 8);
    TestKafka.send(
        run.event("instance.started", "2026-09-15T10:00:00"),
        run.event("instance.stopped", "2026-09-15T22:00:00"));
    eventually(
        () -> count("select count(*) from instance_event where run_id = '%s'", run.run) == 2);
  }

  /** 3 h more than was charged of August, 54,000 won. */
  private void usedInAugust() {
    World.Run run = world.new Run("august", "h100.4x", "h100-sxm-80g", 4);
    TestKafka.send(
        run.event("instance.started", "2026-08-20T10:00:00"),
        run.event("instance.stopped", "2026-08-20T13:00:00"));
    eventually(
        () -> count("select count(*) from instance_event where run_id = '%s'", run.run) == 2);
  }

  /** An hour less than was charged of August, so that September's part of the run is none. */
  private void stopsAtTheEndOfAugust() {
    world.stopped(late, "2026-09-01T00:00:00");
  }

  private String september() {
    stopsAtTheEndOfAugust();
    usedInAugust();
    usedInSeptember();
    return world.issued("2026-09");
  }

  @Test
  void anInvoiceHasADocumentOfEachTaxTypeAndSoHaveItsNotes() throws Exception {
    String invoice = september();
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("lines.taxType", contains("ZERO_RATED", "TAXED"))
        .body("lines.supply.amount", contains("54000", "432000"))
        .body("lines.vat.amount", contains("0", "43200"))
        .body("vat.amount", equalTo("43200"));
    String number = numberOf(invoice);
    made(number);
    taxDocuments(number)
        .body("items.key", contains(number, number + "-Z"))
        .body("items.taxType", contains("TAXED", "ZERO_RATED"))
        .body("items.supplyValue.amount", contains("432000", "54000"))
        .body("items.vat.amount", contains("43200", "0"));
    accepted(number);
    accepted(number + "-Z");

    String note = prepared(number, sla("\"percent\":\"10\""));
    approved(note)
        .body("supplyValue.amount", equalTo("-48600"))
        .body("vat.amount", equalTo("-4320"))
        .body("lines.taxType", contains("TAXED", "ZERO_RATED"))
        .body("lines.supplyValue.amount", contains("-43200", "-5400"))
        .body("lines.vat.amount", contains("-4320", "0"))
        .body("taxDocuments", contains(number + "-D1", number + "-Z-D1"));
    taxDocuments(number)
        .body("items.key", contains(number, number + "-Z", number + "-D1", number + "-Z-D1"))
        .body("items.supplyValue.amount", contains("432000", "54000", "-43200", "-5400"));
    assertThat(
            count(
                "select coalesce(sum(amount_krw), 0) from ledger_entry where tenant_id = '%s'",
                world.tenant))
        .isZero();
    assertThat(posted(note, "VAT_PAYABLE")).isEqualTo(4_320);
    assertThat(posted(note, "RECEIVABLE")).isEqualTo(-52_920);

    assertDocuments(world, number, "529200", "ZERO_RATED", "TAXED");
    assertDocuments(world, number + "-C01", "-52920", "ZERO_RATED", "TAXED");
    JsonNode offline = Offline.rate(world.slug, "2027-01", Offline.events("2026-09", world));
    assertThat(offline.at("/documents").findValuesAsText("taxType"))
        .containsExactlyInAnyOrder("TAXED", "ZERO_RATED");
    assertThat(offline.at("/documents").findValues("supplyValue").toString())
        .contains("-43200", "-5400");
    assertThat(offline.at("/documents").findValues("vat").toString()).contains("-4320", "\"0\"");
    Offline.assertTheSame(
        invoice, Offline.rate(world.slug, "2026-09", Offline.events("2026-09", world)));
    Offline.assertAnOutsiderRecomputes(world, "2026-09", invoice);
  }

  @Test
  void anAmountFallsUnderOneTaxTypeAndNoMoreThanWasBilledUnderItIsTakenBack() {
    String number = numberOf(september());
    prepare(number, sla("\"amountKrw\":\"60000\",\"taxType\":\"ZERO_RATED\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/amountKrw"))
        .body("errors[0].detail", containsString("54000 are left"));
    prepare(number, sla("\"amountKrw\":\"60000\",\"taxType\":\"EXEMPT\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/taxType"));
    approved(prepared(number, sla("\"amountKrw\":\"1000\"")))
        .body("lines.taxType", contains("TAXED"))
        .body("vat.amount", equalTo("-100"));
    approved(prepared(number, sla("\"amountKrw\":\"1000\",\"taxType\":\"ZERO_RATED\"")))
        .body("lines.taxType", contains("ZERO_RATED"))
        .body("vat.amount", equalTo("0"));
    // issued twice: what is left cannot be taken back at once, for notes changed it
    prepare(number, "{\"kind\":\"DOUBLE_ISSUE\",\"why\":\"w\"}").then().statusCode(409);
  }

  @Test
  void whoWantsOneOfTheDocumentsSaysWhich() throws Exception {
    String number = numberOf(september());
    String path = "/api/v1/tenants/" + world.slug + "/invoices/" + number + "/tax-document";
    as(world.owner)
        .get(path)
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body("errors[0].detail", equalTo("must be one of [TAXED, ZERO_RATED]"));
    as(world.owner).get(path + "?taxType=EXEMPT").then().statusCode(400);
    as(world.owner).get(path + "?taxType=taxed").then().statusCode(400);
    assertThat(
            as(world.owner)
                .get(path + "?taxType=ZERO_RATED")
                .then()
                .statusCode(200)
                .extract()
                .asString())
        .contains(number + "-Z", "<SupplyValue>54000</SupplyValue>");

    made(number);
    accepted(number + "-Z");
    String amends = "{\"reason\":2,\"supplyValue\":\"-10\",\"day\":\"2026-12-20\"%s}";
    toInvoice(number, "tax-documents", amends.formatted(""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/taxType"));
    toInvoice(number, "tax-documents", amends.formatted(",\"taxType\":\"EXEMPT\""))
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/taxType"));
    toInvoice(number, "tax-documents", amends.formatted(",\"taxType\":\"ZERO_RATED\""))
        .then()
        .statusCode(201)
        .body("items.key", contains(number + "-Z-D1"))
        .body("items[0].vat.amount", equalTo("0"));
    // the tax office has not accepted the other one yet
    toInvoice(number, "tax-documents", amends.formatted(",\"taxType\":\"TAXED\""))
        .then()
        .statusCode(409);
  }

  @Test
  void allOfItIsTakenBackByTaxType() throws Exception {
    String number = numberOf(september());
    made(number);
    accepted(number);
    String note = prepared(number, "{\"kind\":\"DOUBLE_ISSUE\",\"why\":\"w\"}");
    approved(note)
        .body("lines.supplyValue.amount", contains("-432000", "-54000"))
        .body("total.amount", equalTo("-529200"))
        .body("taxDocuments", contains(number + "-M1"));
    // the other one is amended when the tax office has accepted it
    accepted(number + "-Z");
    finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post("/api/v1/finance/notes/" + note + "/tax-documents")
        .then()
        .statusCode(201)
        .body("keys", contains(number + "-Z-M1"));
    taxDocuments(number)
        .body("items.supplyValue.amount", contains("432000", "54000", "-432000", "-54000"));
  }

  /** September is amended; what stands on its zero-rated document stays as it was. */
  @Test
  void lateUsageAmendsTheDocumentOfItsOwnTaxTypeAsOfflineDoes() throws Exception {
    String invoice = september();
    String number = numberOf(invoice);
    made(number);
    accepted(number);
    accepted(number + "-Z");
    world.latePolicy("AMENDED");
    World.Run run = world.new Run("more", "h100.8x", "h100-sxm-80g", 8);
    TestKafka.send(
        run.event("instance.started", "2026-09-20T10:00:00"),
        run.event("instance.stopped", "2026-09-20T11:00:00"));
    eventually(
        () -> count("select count(*) from instance_event where run_id = '%s'", run.run) == 2);

    String note = prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"it came late\"}");
    approved(note)
        .body("supplyValue.amount", equalTo("36000"))
        .body("vat.amount", equalTo("3600"))
        .body("lines.taxType", contains("TAXED"))
        .body("taxDocuments", contains(number + "-M1", number + "-P1"));
    taxDocuments(number)
        .body("items.supplyValue.amount", contains("432000", "54000", "-432000", "468000"));
    JsonNode offline = Offline.rate(world.slug, "2026-10", Offline.events("2026-09", world));
    assertThat(offline.at("/documents").findValuesAsText("taxType")).containsOnly("TAXED");
    assertThat(offline.at("/documents/0/supplyValue/amount").asText()).isEqualTo("-432000");
    assertThat(offline.at("/documents/1/vat/amount").asText()).isEqualTo("46800");
  }
}
