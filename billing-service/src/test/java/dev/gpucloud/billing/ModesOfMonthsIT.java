package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.numberOf;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.eventually;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
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
}
