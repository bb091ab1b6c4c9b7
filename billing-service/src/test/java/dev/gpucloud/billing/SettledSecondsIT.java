package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** However late usage of a closed month was settled, the parties count the same seconds again. */
@QuarkusTest
class SettledSecondsIT extends AfterTheMonth {
  private static final String NEXT = "2026-12";
  private static final String NOTES = "/api/v1/finance/notes/";

  private final World world = World.external();
  private World.Run run;

  /** An hour of 8 GPUs is charged: 57,600 won. */
  private String anIssuedHour() {
    run = world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    return world.issued(MONTH);
  }

  private ValidatableResponse reconciled() {
    return auditor().get(world.accountPath("reconciliation?month=" + MONTH)).then().statusCode(200);
  }

  private void disagreesBy(String seconds) {
    reconciled()
        .body("agreed", equalTo(false))
        .body("differences.kind", contains("BILLED_UNLIKE_METERED"))
        .body("differences.seconds", contains(seconds));
  }

  private ValidatableResponse agrees(String metered, String billed) {
    return reconciled()
        .body("differences", empty())
        .body("agreed", equalTo(true))
        .body("days[0].seconds.metered", equalTo(metered))
        .body("days[0].seconds.billed", equalTo(billed));
  }

  private static String note(String invoice, String kind) {
    return finance()
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body("{\"kind\":\"" + kind + "\",\"why\":\"the stop came late\"}")
        .post("/api/v1/finance/invoices/" + invoice + "/notes")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void approve(String note) {
    approver()
        .header("If-Match", "\"1\"")
        .body("{}")
        .post(NOTES + note + "/approve")
        .then()
        .statusCode(200);
  }

  private static long rowsOf(String note) {
    return count(
        """
        select count(*) from late_usage_rows r join late_usage u on u.id = r.late_usage_id
        where u.note_id = '%s'""",
        note.substring(4));
  }

  @Test
  void anAmendedDocumentIsWhatIsBilled() {
    String invoice = anIssuedHour();
    world.latePolicy("AMENDED");
    world.stopped(run, "2026-11-02T11:00:00");
    disagreesBy("-3600");
    String note = note(invoice, "LATE_USAGE");
    disagreesBy("-3600");
    approve(note);

    agrees("7200", "7200").body("days[0].seconds.unbilled.writtenOff", equalTo("0"));
    auditor()
        .get(world.accountPath("reconciliation/2026-11-02"))
        .then()
        .body("items[0].seconds.billed", equalTo("7200"));
    assertThatThrownBy(
            () ->
                TestDatabase.update(
                    "delete from late_usage_rows where late_usage_id in"
                        + " (select id from late_usage where note_id = '%s')"
                            .formatted(note.substring(4))))
        .hasStackTraceContaining("final");
  }

  @Test
  void whatFollowsAnAmendedDocumentTakesItsRowsBack() {
    String invoice = anIssuedHour();
    world.latePolicy("AMENDED");
    world.stopped(run, "2026-11-02T11:00:00");
    approve(note(invoice, "LATE_USAGE"));
    world.stopped(run, "2026-11-02T12:00:00");
    disagreesBy("-3600");
    finance()
        .header("If-Match", "\"1\"")
        .body("{\"way\":\"NEXT_INVOICE\"}")
        .put(world.accountPath("late-usage-policy"))
        .then()
        .statusCode(200);

    String december =
        world
            .draft(NEXT)
            .then()
            .statusCode(201)
            .body("lines[0].details.billedSeconds", contains("-7200", "10800"))
            .extract()
            .path("id");
    World.issue(december);

    agrees("10800", "10800");
  }

  @Test
  void aWithdrawnNoteSettlesNothing() {
    String invoice = anIssuedHour();
    world.latePolicy("AMENDED");
    world.stopped(run, "2026-11-02T11:00:00");
    String note = note(invoice, "LATE_USAGE");
    assertThat(rowsOf(note)).isEqualTo(1);

    finance()
        .header("If-Match", "\"1\"")
        .body("{}")
        .post(NOTES + note + "/withdraw")
        .then()
        .statusCode(200);

    assertThat(rowsOf(note)).isZero();
    disagreesBy("-3600");
    approve(note(invoice, "LATE_USAGE"));
    agrees("7200", "7200");
  }

  @Test
  void whatIsWrittenOffIsNotBilledForThatReason() {
    anIssuedHour();
    writeOff("\"0\"", "60000");
    world.stopped(run, "2026-11-02T11:00:00");
    disagreesBy("-3600");
    String december =
        world.draft(NEXT).then().statusCode(201).body("lines", hasSize(0)).extract().path("id");
    World.issue(december);

    agrees("7200", "3600").body("days[0].seconds.unbilled.writtenOff", equalTo("3600"));

    // a later stop is charged by the difference alone: what was written off stays so
    writeOff("\"1\"", "0");
    World.freeze(clock, "2027-02-02T00:00:00");
    world.stopped(run, "2026-11-02T12:00:00");
    String january =
        world
            .draft("2027-01")
            .then()
            .statusCode(201)
            .body("lines[0].details.billedSeconds", contains("-7200", "10800"))
            .body("supplyValue.amount", equalTo("57600"))
            .extract()
            .path("id");
    World.issue(january);
    agrees("10800", "7200").body("days[0].seconds.unbilled.writtenOff", equalTo("3600"));
  }

  private void writeOff(String version, String belowKrw) {
    finance()
        .header("If-Match", version)
        .body("{\"way\":\"NEXT_INVOICE\",\"writeOffBelowKrw\":\"" + belowKrw + "\"}")
        .put(world.accountPath("late-usage-policy"))
        .then()
        .statusCode(200);
  }

  @Test
  void anInvoiceThatIsTakenBackBillsNothing() {
    String invoice = anIssuedHour();
    approve(note(invoice, "DOUBLE_ISSUE"));

    agrees("3600", "0").body("days[0].seconds.unbilled.takenBack", equalTo("3600"));
    world.stopped(run, "2026-11-02T11:00:00");
    agrees("7200", "0").body("days[0].seconds.unbilled.takenBack", equalTo("7200"));
  }

  @Test
  void whatTheNextInvoiceChargesIsBilledUntilThatIsTakenBack() {
    anIssuedHour();
    world.stopped(run, "2026-11-02T11:00:00");
    String december = world.issued(NEXT);
    agrees("7200", "7200");
    approve(note(december, "DOUBLE_ISSUE"));

    agrees("7200", "3600").body("days[0].seconds.unbilled.takenBack", equalTo("3600"));
  }

  @Test
  void whatTheNextInvoiceChargesStaysBilledWhenTheFirstIsTakenBack() {
    String november = anIssuedHour();
    world.stopped(run, "2026-11-02T11:00:00");
    world.issued(NEXT);
    approve(note(november, "DOUBLE_ISSUE"));

    agrees("7200", "3600").body("days[0].seconds.unbilled.takenBack", equalTo("3600"));
  }

  /** Nothing is owed for it, so no line says it; the next invoice records it all the same. */
  @Test
  void whatCostsNothingIsSettledToo() {
    world.grant("grant.accepted", "2026-10-20T12:00:00", "gaw_" + UUID.randomUUID(), 8, 0);
    World.eventually(
        () -> count("select count(*) from grant_share where tenant_id = '%s'", world.tenant) == 1);
    anIssuedHour();
    world.stopped(run, "2026-11-02T11:00:00");
    disagreesBy("-3600");
    String december =
        world.draft(NEXT).then().statusCode(201).body("lines", hasSize(0)).extract().path("id");
    disagreesBy("-3600");
    World.issue(december);

    agrees("7200", "7200");
    World.freeze(clock, "2027-02-02T00:00:00");
    String january = world.draft("2027-01").then().statusCode(201).extract().path("id");
    assertThat(
            count("select count(*) from late_usage where invoice_id = '%s'", january.substring(4)))
        .isZero();
  }
}
