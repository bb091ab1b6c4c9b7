package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.AfterIssue.accepted;
import static dev.gpucloud.billing.fixture.AfterIssue.approved;
import static dev.gpucloud.billing.fixture.AfterIssue.numberOf;
import static dev.gpucloud.billing.fixture.AfterIssue.prepared;
import static dev.gpucloud.billing.fixture.AfterIssue.taxDocuments;
import static dev.gpucloud.billing.fixture.AfterIssue.toInvoice;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Late usage of a month that a promotional credit paid, in full or until it lapsed. */
@QuarkusTest
class LateUsageOfCreditsIT extends AfterTheMonth {
  private int runs;

  private static World credited(long won, String expires) {
    return new World()
        .tenant(
            "EXTERNAL",
            "EXTERNAL",
            ",\"segment\":\"STARTUP\",\"programme\":{\"name\":\"startup-credit\","
                + "\"creditKrw\":%d,\"expires\":\"%s\"}".formatted(won, expires));
  }

  /** 8 GPUs for an hour of November: 46,080 won after 20 %. */
  private void used(World world) {
    runs++;
    world.ran(
        "r" + runs,
        8,
        "2026-11-0%dT09:00:00".formatted(runs),
        "2026-11-0%dT10:00:00".formatted(runs));
    world.awaitEvents(5 * runs);
  }

  @Test
  void aMonthOfNothingHasNoTaxDocumentUntilLateUsageMakesTheRightOne() throws Exception {
    World world = credited(46_080, "2027-03-31");
    used(world);
    String number = numberOf(world.issued(MONTH));
    toInvoice(number, "tax-documents", "{}")
        .then()
        .statusCode(400)
        .body("errors.pointer", contains("/supplyValue"));
    world.latePolicy("AMENDED");
    used(world);

    approved(prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"it came late\"}"))
        .body("supplyValue.amount", equalTo("46080"))
        .body("taxDocuments", contains(number));
    taxDocuments(number)
        .body("items.key", contains(number))
        .body("items.kind", contains("ORIGINAL"))
        .body("items.supplyValue.amount", contains("46080"))
        .body("items.vat.amount", contains("4608"));
    JsonNode offline = Offline.rate(world.slug, "2026-12", Offline.events(MONTH, world));
    assertThat(offline.at("/documents").findValuesAsText("kind")).containsExactly("ORIGINAL");
    assertThat(offline.at("/documents/0/vat/amount").asText()).isEqualTo("4608");

    accepted(number);
    used(world);
    approved(prepared(number, "{\"kind\":\"LATE_USAGE\",\"why\":\"and more\"}"))
        .body("taxDocuments", contains(number + "-M1", number + "-P1"));
  }

  @Test
  void whatHadLapsedIsTakenBackByTheLateUsageThatTakesIt() throws Exception {
    World world = credited(50_000, "2026-11-30");
    used(world);
    String november = world.issued(MONTH);
    used(world);
    String december = world.draft("2026-12").then().statusCode(201).extract().path("id");
    credit(november, "3920", null);
    World.issue(december);

    auditor()
        .get("/api/v1/finance/invoices/" + december)
        .then()
        .body("supplyValue.amount", equalTo("42160"));
    credit(november, "3920", "3920");
    Offline.assertTheSame(
        december, Offline.rate(world.slug, "2026-12", Offline.events("2026-12", world)));
    assertThat(
            count(
                """
                select cast(sum(cast(b.amount as numeric) + cast(b.lapsed as numeric)) as bigint) + (
                  select cast(sum(cast(c.amount as numeric)
                                  - case when c.lapsed_on is null then 0 else cast(c.amount as numeric) end) as bigint)
                  from late_usage_credit c where c.tenant_id = b.tenant_id)
                from credit_burn b where b.tenant_id = '%s' group by b.tenant_id\
                """,
                world.tenant))
        .isEqualTo(50_000);
  }

  private static void credit(String invoice, String lapsed, String takenBack) {
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("credits[0].lapsedFraction", equalTo(lapsed))
        .body(
            "credits[0].lapseTakenBackFraction",
            takenBack == null ? nullValue() : equalTo(takenBack));
  }
}
