package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.accepted;
import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.assertDocuments;
import static dev.gpucloud.billing.fixture.AfterIssue.made;
import static dev.gpucloud.billing.fixture.AfterIssue.numberOf;
import static dev.gpucloud.billing.fixture.AfterIssue.posted;
import static dev.gpucloud.billing.fixture.AfterIssue.prepared;
import static dev.gpucloud.billing.fixture.AfterIssue.sla;
import static dev.gpucloud.billing.fixture.AfterIssue.taxDocuments;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account whose B200s are exempt from October 2026 on, while all else is taxed. */
@QuarkusTest
class SkuTaxTypesIT extends AfterTheMonth {
  private static final String B200 = "b200-sxm-180g.on-demand.kr-ulsan";
  private static final String OLD = "2026-10";
  private World world;

  @BeforeEach
  void anExemptSku() {
    world = World.external();
    world.agreed(
        "research",
        "TAXATION",
        "\"from\":\"2026-10-01\"",
        "{\"sku\":\"%s\",\"taxType\":\"EXEMPT\"}".formatted(B200));
  }

  /** An hour on 8 GPUs of a model on a day of October: 57,600 won of B200, 36,000 of H100. */
  private void used(String model, String day) {
    World.Run run =
        world
        .new Run("r", model + ".8x", model.equals("b200") ? "b200-sxm-180g" : "h100-sxm-80g", 8);
    TestKafka.send(
        run.event("instance.started", day + "T10:00:00"),
        run.event("instance.stopped", day + "T11:00:00"));
    eventually(
        () -> count("select count(*) from instance_event where run_id = '%s'", run.run) == 2);
  }

  private String october() {
    used("b200", "2026-10-10");
    used("h100", "2026-10-10");
    return world.issued(OLD);
  }

  private void assertOthersComeToTheSame(String month, String invoice) throws Exception {
    Offline.assertTheSame(invoice, Offline.rate(world.slug, month, Offline.events(month, world)));
    Offline.assertAnOutsiderRecomputes(world, month, invoice);
  }

  @Test
  void aTaxedAndAnExemptSkuHaveADocumentEachAndSoHasTheirNote() throws Exception {
    String invoice = october();
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("lines.taxType", contains("EXEMPT", "TAXED"))
        .body("lines.supply.amount", contains("57600", "36000"))
        .body("lines.vat.amount", contains("0", "3600"))
        .body("total.amount", equalTo("97200"));
    String number = numberOf(invoice);
    made(number);
    taxDocuments(number)
        .body("items.key", contains(number, number + "-E"))
        .body("items.supplyValue.amount", contains("36000", "57600"));
    accepted(number);
    accepted(number + "-E");

    String note = prepared(number, sla("\"percent\":\"10\""));
    approved(note)
        .body("lines.taxType", contains("TAXED", "EXEMPT"))
        .body("lines.supplyValue.amount", contains("-3600", "-5760"))
        .body("lines.vat.amount", contains("-360", "0"))
        .body("taxDocuments", contains(number + "-D1", number + "-E-D1"));
    assertThat(posted(note, "VAT_PAYABLE")).isEqualTo(360);
    assertThat(posted(note, "RECEIVABLE")).isEqualTo(-9_720);
    assertDocuments(world, number, "97200", "EXEMPT", "TAXED,");
    assertDocuments(world, number + "-C01", "-9720", "EXEMPT", "TAXED,");

    assertOthersComeToTheSame(OLD, invoice);
    JsonNode written = Offline.rate(world.slug, "2027-01", Offline.events(OLD, world));
    assertThat(written.at("/documents").findValuesAsText("taxType"))
        .containsExactlyInAnyOrder("TAXED", "EXEMPT");
    assertThat(written.at("/documents").findValues("supplyValue").toString())
        .contains("-3600", "-5760");
    assertThat(written.at("/documents").findValues("vat").toString()).contains("-360", "\"0\"");
  }

  @Test
  void lateUsageAmendsTheDocumentOfEachSkusType() throws Exception {
    String invoice = october();
    String number = numberOf(invoice);
    made(number);
    accepted(number);
    accepted(number + "-E");
    world.latePolicy("AMENDED");
    used("b200", "2026-10-11");
    used("h100", "2026-10-11");
    used("h100", "2026-10-12");

    String note = prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"it came late\"}");
    approved(note)
        .body("lines.taxType", contains("TAXED", "EXEMPT"))
        .body("lines.supplyValue.amount", contains("72000", "57600"))
        .body("lines.vat.amount", contains("7200", "0"))
        .body(
            "taxDocuments",
            containsInAnyOrder(number + "-M1", number + "-P1", number + "-E-M1", number + "-E-P1"));
    JsonNode offline = Offline.rate(world.slug, "2026-11", Offline.events(OLD, world));
    assertThat(offline.at("/documents").findValuesAsText("taxType"))
        .containsExactly("TAXED", "TAXED", "EXEMPT", "EXEMPT");
    assertThat(offline.at("/documents").findValues("supplyValue").toString())
        .contains("-36000", "108000", "-57600", "115200");
  }

  @Test
  void lateUsageOfNextInvoicesKeepsTheTypeOfItsSku() throws Exception {
    october();
    used("b200", "2026-10-11");
    String november = world.issued("2026-11");
    auditor()
        .get("/api/v1/finance/invoices/" + november)
        .then()
        .body("lines.taxType", contains("EXEMPT"))
        .body("lines.supply.amount", contains("57600"))
        .body("vat.amount", equalTo("0"));
    assertOthersComeToTheSame("2026-11", november);
    used("h100", "2026-10-12");
    String december = world.issued("2026-12");
    auditor()
        .get("/api/v1/finance/invoices/" + december)
        .then()
        .body("lines.taxType", contains("TAXED"))
        .body("lines.supply.amount", contains("36000"))
        .body("vat.amount", equalTo("3600"));
    assertOthersComeToTheSame("2026-12", december);
    // what the month came to with each settlement, VAT by type
    assertThat(
            count(
                """
                select vat_before_krw * 100000 + vat_now_krw from late_usage
                where original_id = (select id from invoice where account_id = '%s' and month = '2026-10')
                order by ordinal desc limit 1\
                """,
                world.account()))
        .isEqualTo(3_600L * 100_000 + 7_200);
  }

  @Test
  void allThatIsWrongWithATypeOfASkuIsSaidAtOnce() {
    october();
    world
        .toAccount(
            "agreements",
            """
            {"reference":"r-2","kind":"TAXATION","from":"2026-10-31",
             "terms":{"sku":"h900.on-demand.kr-moon","taxType":"NONE","priceKrw":"1"}}""")
        .then()
        .statusCode(400)
        .body(
            "errors.pointer",
            containsInAnyOrder("/from", "/terms/sku", "/terms/taxType", "/terms/priceKrw"))
        .body("errors.detail", hasItem(containsString("would change 2026-10, which has an")));
    String zeroRated =
        """
        {"reference":"r-3","kind":"TAXATION","from":"2026-11-01","until":"2026-11-30",
         "terms":{"taxType":"ZERO_RATED","evidence":"PC-17"%s}}""";
    world
        .toAccount("agreements", zeroRated.formatted(",\"sku\":\"%s\"".formatted(B200)))
        .then()
        .statusCode(400)
        .body("errors.detail", contains(containsString("overlaps research")));
    // of the account: another thing, so that both hold
    world.toAccount("agreements", zeroRated.formatted("")).then().statusCode(201);
    used("b200", "2026-11-10");
    used("h100", "2026-11-10");
    auditor()
        .get("/api/v1/finance/invoices/" + world.issued("2026-11"))
        .then()
        .body("lines.taxType", contains("EXEMPT", "ZERO_RATED"));
  }
}
