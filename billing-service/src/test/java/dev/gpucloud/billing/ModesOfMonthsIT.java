package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.numberOf;
import static dev.gpucloud.billing.fixture.AfterIssue.prepare;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.eventually;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account that is charged otherwise from some month on: earlier months stay what they were. */
@QuarkusTest
class ModesOfMonthsIT extends AfterTheMonth {
  private World world;

  @BeforeEach
  void anAccount() {
    world = World.external();
  }

  private void chargedAs(String mode) {
    world.tenantFact("EXTERNAL", mode, "");
    eventually(
        () ->
            TestDatabase.value(
                    "select mode from billing_account where id = '%s'".formatted(world.account()))
                .equals(mode));
  }

  private void assertOthersComeToTheSame(String month, String invoice) throws Exception {
    Offline.assertTheSame(invoice, Offline.rate(world.slug, month, Offline.events(month, world)));
    Offline.assertAnOutsiderRecomputes(world, month, invoice);
  }

  @Test
  void anOutsiderRecomputesEachMonthByTheModeThatHeldInIt() throws Exception {
    // 8 GPUs for one hour: 57,600
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    String november = world.issued(MONTH);
    chargedAs("COST_SHARE");
    assertOthersComeToTheSame(MONTH, november);
    // late for November, and in December
    world.ran("b", 8, "2026-11-11T10:00:00", "2026-11-11T11:00:00");
    world.ran("c", 8, "2026-12-10T10:00:00", "2026-12-10T11:00:00");
    world.awaitEvents(15);
    String december = world.draft("2026-12").then().statusCode(201).extract().path("id");
    chargedAs("SHOWBACK");

    auditor()
        .get("/api/v1/finance/invoices/" + november)
        .then()
        .body("vat.amount", equalTo("5760"));
    auditor()
        .get("/api/v1/finance/invoices/" + december)
        .then()
        .body("lines.taxType", contains("TAXED", "OUT_OF_SCOPE"))
        .body("vat.amount", equalTo("5760"));
    Offline.assertAnOutsiderRecomputes(world, MONTH, november);
    assertOthersComeToTheSame("2026-12", december);
  }

  private void assertDocumentDue(String month, String state) {
    auditor()
        .get("/api/v1/finance/billing-months/" + month + "/accounts/" + world.account())
        .then()
        .body("items.find { it.code == 'TAX_DOCUMENT_DUE' }.state", equalTo(state));
  }

  @Test
  void aTaxDocumentIsDueByWhatTheMonthWasChargedAs() {
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    assertDocumentDue(MONTH, "WARNING");
    String november = world.issued(MONTH);
    chargedAs("SHOWBACK");
    assertDocumentDue(MONTH, "WARNING");
    auditor()
        .get("/api/v1/finance/invoices/" + numberOf(november) + "/tax-documents")
        .then()
        .body("warnings.code", contains("ISSUE_OVERDUE"));

    world.ran("b", 8, "2026-12-10T10:00:00", "2026-12-10T11:00:00");
    world.awaitEvents(10);
    String december = world.issued("2026-12");
    chargedAs("EXTERNAL");
    assertDocumentDue("2026-12", "OK");
    auditor()
        .get("/api/v1/finance/invoices/" + numberOf(december) + "/tax-documents")
        .then()
        .body("warnings", hasSize(0))
        .body("issueBy", nullValue());
  }

  // ---- late usage across a change of what is owed

  /** What was late of November's 57,600 won more, and another 57,600 in December. */
  private void lateForNovemberAndUsedInDecember() {
    world.ran("b", 8, "2026-11-11T10:00:00", "2026-11-11T11:00:00");
    world.ran("c", 8, "2026-12-10T10:00:00", "2026-12-10T11:00:00");
    world.awaitEvents(15);
  }

  private ValidatableResponse late(String november, String outcome) {
    String mine = "items.find { it.invoiceNumber == '" + numberOf(november) + "' }";
    return auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body(mine + ".outcome", equalTo(outcome))
        .body(mine + ".change.amount", equalTo("57600"));
  }

  @Test
  void whatIsLateForAMonthThatWasOnlyShownIsNeverOwed() throws Exception {
    chargedAs("SHOWBACK");
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    String november = world.issued(MONTH);
    chargedAs("EXTERNAL");
    lateForNovemberAndUsedInDecember();
    late(november, "WRITTEN_OFF");

    String december =
        world
            .draft("2026-12")
            .then()
            .statusCode(201)
            .body("lines.taxType", contains("TAXED"))
            .body("supplyValue.amount", equalTo("57600"))
            .extract()
            .path("id");
    World.issue(december);
    assertOthersComeToTheSame("2026-12", december);
    auditor()
        .get("/api/v1/finance/late-usage?pageSize=1000")
        .then()
        .body("items.invoiceNumber", not(hasItem(numberOf(november))));
  }

  @Test
  void whatIsLateForAMonthThatWasOwedIsCollectedThoughNothingIsOwedSince() throws Exception {
    world.ran("a", 8, "2026-11-10T10:00:00", "2026-11-10T11:00:00");
    world.awaitEvents(5);
    String november = world.issued(MONTH);
    chargedAs("SHOWBACK");
    lateForNovemberAndUsedInDecember();
    late(november, "AMENDED");

    String december =
        world
            .draft("2026-12")
            .then()
            .statusCode(201)
            .body("lines.taxType", contains("OUT_OF_SCOPE"))
            .extract()
            .path("id");
    World.issue(december);
    assertOthersComeToTheSame("2026-12", december);
    String note =
        prepare(numberOf(november), "{\"kind\":\"LATE_USAGE\",\"why\":\"it came late\"}")
            .then()
            .statusCode(201)
            .body("supplyValue.amount", equalTo("57600"))
            .body("vat.amount", equalTo("5760"))
            .extract()
            .path("id");
    approved(note);
    auditor()
        .get("/api/v1/finance/invoices/" + numberOf(november) + "/payments")
        .then()
        .body("open.amount", equalTo("126720"));
  }
}
