package dev.gpucloud.billing;

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
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.Offline;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import dev.gpucloud.verifier.InvoiceOracle;
import dev.gpucloud.verifier.Report;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Usage that arrives after its month's invoice was issued, charged by the next one or not at all.
 */
@QuarkusTest
class LateUsageIT extends AfterTheMonth {
  private static final String OLD = "2026-08";
  private static final String OPEN = "2026-09";

  private World world;
  private World.Run late;
  private String august;

  /** 4 GPUs from 08-30 20:00, reported alive beyond the month: 28 h, 504,000 won. */
  @BeforeEach
  void anIssuedMonth() throws Exception {
    world = World.external();
    late = world.new Run("late", "h100.4x", "h100-sxm-80g", 4);
    TestKafka.send(late.event("instance.started", "2026-08-30T20:00:00"));
    late.alive("2026-10-01T00:00:00");
    world.awaitEvents(1);
    eventually(
        () -> count("select count(*) from run_heartbeat where run_id = '%s'", late.run) == 1);
    august = world.issued(OLD);
    auditor()
        .get("/api/v1/finance/invoices/" + august)
        .then()
        .body("supplyValue.amount", equalTo("504000"))
        .body("vat.amount", equalTo("50400"));
  }

  /** The true stop was 6.5 h after the start: 117,000 won. */
  private void stops() {
    TestKafka.send(late.event("instance.stopped", "2026-08-31T02:30:00"));
    world.awaitEvents(late.lastSequence());
  }

  private String policyPath() {
    return "/api/v1/finance/accounts/" + world.account() + "/late-usage-policy";
  }

  private ValidatableResponse policy(String version, String body) {
    return finance().header("If-Match", version).body(body).put(policyPath()).then();
  }

  @Test
  void theNextInvoiceChargesItOnceAndOfflineComesToTheSameWon() throws Exception {
    stops();
    World.Run other = world.new Run("other", "h100.8x", "h100-sxm-80g", 8);
    TestKafka.send(
        other.event("instance.started", "2026-09-15T10:00:00"),
        other.event("instance.stopped", "2026-09-16T10:00:00"));
    world.awaitEvents(4);

    String september =
        world
            .draft(OPEN)
            .then()
            .statusCode(201)
            .body("lines.category", contains("CORRECTION", "USAGE"))
            .body("lines[0].originalMonth", equalTo(OLD))
            .body("lines[0].project.slug", equalTo("p"))
            .body("lines[0].exactFraction", equalTo("-387000"))
            .body("lines[0].amount.amount", equalTo("-387000"))
            // what was charged is taken back, and the right stretch of the run put in its place
            .body("lines[0].details.exactFraction", contains("-504000", "117000"))
            .body("lines[0].details.billedSeconds", contains("-100800", "23400"))
            .body("lines[0].details.start", everyItem(equalTo("2026-08-30T11:00:00Z")))
            .body("lines[0].details.end", contains("2026-08-31T15:00:00Z", "2026-08-30T17:30:00Z"))
            .body("supplyValue.amount", equalTo("477000"))
            .body("vat.amount", equalTo("47700"))
            .extract()
            .path("id");
    // rated anew, it is not settled twice
    move(finance(), september, "rerate")
        .then()
        .statusCode(200)
        .body("supplyValue.amount", equalTo("477000"));
    assertThat(settled("NEXT_INVOICE")).isEqualTo(1);
    auditor()
        .get(world.accountPath("reconciliation?month=" + OLD))
        .then()
        .body("differences.kind", hasItem("BILLED_UNLIKE_METERED"));
    World.issue(september);
    // what a later invoice takes back and puts in its place counts for the month it was used in
    auditor()
        .get(world.accountPath("reconciliation?month=" + OLD))
        .then()
        .statusCode(200)
        .body("differences.kind", not(hasItem("BILLED_UNLIKE_METERED")));

    Offline.assertTheSame(september, Offline.rate(world.slug, OPEN, Offline.events(OPEN, world)));
    assertAnOutsiderRecomputes(september, OPEN);
    assertAnOutsiderRecomputes(august, OLD);
    String focus =
        as(world.owner)
            .get("/api/v1/tenants/" + world.slug + "/invoices/" + september + "/focus.csv")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    String original =
        auditor().get("/api/v1/finance/invoices/" + august).then().extract().path("number");
    assertThat(focus.lines().filter(l -> l.contains(original + "/1/1")).toList())
        .hasSize(2)
        .allSatisfy(l -> assertThat(l).contains("2026-08-30T11:00:00Z").contains("Correction"));
    World.Run third = world.new Run("third", "h100.8x", "h100-sxm-80g", 8);
    TestKafka.send(
        third.event("instance.started", "2026-10-01T00:00:00"),
        third.event("instance.stopped", "2026-10-01T01:00:00"));
    world.awaitEvents(6);
    world
        .draft("2026-10")
        .then()
        .statusCode(201)
        .body("lines.category", contains("USAGE"))
        .body("supplyValue.amount", equalTo("36000"));
    assertThatThrownBy(() -> sql("delete from late_usage where invoice_id = '%s'", september))
        .hasMessageContaining("final");
  }

  @Test
  void aSecondCorrectionCountsFromTheFirst() throws Exception {
    stops();
    String september = world.issued(OPEN);
    // the stop was wrong as well: an hour more, 18,000 won
    TestKafka.send(late.event("instance.stopped", "2026-08-31T03:30:00"));
    world.awaitEvents(late.lastSequence());
    String october =
        world
            .draft("2026-10")
            .then()
            .statusCode(201)
            .body("lines.category", contains("CORRECTION"))
            .body("lines[0].originalMonth", equalTo(OLD))
            .body("lines[0].details.exactFraction", contains("-117000", "135000"))
            .body("supplyValue.amount", equalTo("18000"))
            .body("vat.amount", equalTo("1800"))
            .extract()
            .path("id");
    World.issue(october);
    Offline.assertTheSame(
        october, Offline.rate(world.slug, "2026-10", Offline.events("2026-10", world)));
    assertAnOutsiderRecomputes(october, "2026-10");
    assertAnOutsiderRecomputes(september, OPEN);
  }

  private void assertAnOutsiderRecomputes(String invoice, String month) {
    Report report =
        new InvoiceOracle()
            .verify(
                auditor()
                    .get("/api/v1/finance/exports/events?tenant=" + world.slug + "&month=" + month)
                    .asString(),
                auditor().get("/api/v1/finance/exports/prices").asString(),
                auditor().get("/api/v1/finance/invoices/" + invoice).asString());
    assertThat(report.differences()).isEmpty();
    assertThat(report.unjudged()).isEmpty();
  }

  private long settled(String outcome) {
    return count(
        "select count(*) from late_usage where tenant_id = '%s' and outcome = '%s'",
        world.tenant, outcome);
  }

  /** The credit paid all before and after: no line changes, only what is left of it. */
  @Test
  void aCreditThatALateStopFreesPaysTheNextInvoice() throws Exception {
    World startup =
        new World()
            .tenant(
                "EXTERNAL",
                "EXTERNAL",
                ",\"segment\":\"STARTUP\",\"programme\":{\"name\":\"startup-credit\","
                    + "\"creditKrw\":50000,\"expires\":\"2027-03-31\"}");
    World.Run run = startup.runs("a", 1, "2026-11-30T20:00:00", "2026-12-31T23:59:59.999");
    startup.issued("2026-11");
    assertThatIsLeft(startup, "23040", "26960");
    // 5,760 of 23,040 won, so that 44,240 are left
    startup.stopped(run, "2026-11-30T21:00:00");
    startup.ran("b", 8, "2026-12-02T09:00:00", "2026-12-02T10:00:00");
    startup.awaitEvents(7);

    String december =
        startup
            .draft("2026-12")
            .then()
            .statusCode(201)
            .body("lines.category", contains("USAGE"))
            .body("credits[0].exactFraction", equalTo("44240"))
            .body("supplyValue.amount", equalTo("1840"))
            .extract()
            .path("id");
    assertThatIsLeft(startup, "23040", "26960");
    move(finance(), december, "rerate")
        .then()
        .statusCode(200)
        .body("supplyValue.amount", equalTo("1840"));
    World.issue(december);
    assertThatIsLeft(startup, "50000", "0")
        .body("items[0].months.month", contains("2026-11", "2026-12"))
        .body("items[0].months.amount", contains("5760", "44240"));
    as(startup.billingViewer)
        .get("/api/v1/tenants/" + startup.slug + "/credit-balances")
        .then()
        .statusCode(200)
        .body("items.left", contains("0"));

    assertThat(
            count(
                "select sum(amount::numeric) from (select amount from credit_burn where tenant_id ="
                    + " '%1$s' union all select amount from late_usage_credit where tenant_id ="
                    + " '%1$s') burned",
                startup.tenant))
        .isEqualTo(50_000);
    Offline.assertTheSame(
        december, Offline.rate(startup.slug, "2026-12", Offline.events("2026-12", startup)));
  }

  private static ValidatableResponse assertThatIsLeft(World world, String used, String left) {
    return auditor()
        .get("/api/v1/finance/credit-balances?tenant=" + world.slug)
        .then()
        .statusCode(200)
        .body("items.name", contains("startup-credit"))
        .body("items.given", contains("50000"))
        .body("items.used", contains(used))
        .body("items.left", contains(left));
  }

  @Test
  void aLittleIsWrittenOffAndRecorded() {
    policy("\"0\"", "{\"way\":\"AMENDED\",\"writeOffBelowKrw\":\"387001\"}")
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
    stops();
    String september =
        world
            .draft(OPEN)
            .then()
            .statusCode(201)
            .body("lines", hasSize(0))
            .body("supplyValue.amount", equalTo("0"))
            .extract()
            .path("id");
    World.issue(september);
    assertThat(settled("WRITTEN_OFF")).isEqualTo(1);
    assertThat(
            count(
                "select supply_now_krw - supply_before_krw from late_usage where invoice_id = '%s'",
                september.substring(4)))
        .isEqualTo(-387_000);
  }

  @Test
  void twoClosersAtOnceSettleItOnce() throws Exception {
    stops();
    List<Integer> answers =
        Stream.of(1, 2)
            .map(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> world.draft(OPEN, UUID.randomUUID().toString()).statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();
    assertThat(answers).containsExactly(201, 409);
    assertThat(settled("NEXT_INVOICE")).isEqualTo(1);
  }

  @Test
  void aDraftOfALaterMonthLeavesToTheEarlierOneWhatThatIsAboutToCharge() {
    stops();
    world
        .draft(OPEN)
        .then()
        .statusCode(201)
        .body("supplyValue.amount", equalTo("-387000"))
        .body("lines[0].category", equalTo("CORRECTION"));
    world.draft("2026-10").then().statusCode(201).body("supplyValue.amount", equalTo("0"));
  }

  @Test
  void aPolicyIsCheckedAsAWhole() {
    finance()
        .get(policyPath())
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"0\""))
        .body("way", equalTo("NEXT_INVOICE"))
        .body("writeOffBelowKrw", equalTo("0"));
    policy("\"0\"", "{\"way\":\"LATER\",\"writeOffBelowKrw\":\"-1\"}")
        .statusCode(400)
        .body("code", equalTo("VALIDATION_FAILED"))
        .body("errors.pointer", contains("/way", "/writeOffBelowKrw"));
    policy("\"0\"", "{\"way\":\"AMENDED\",\"unknown\":1}")
        .statusCode(400)
        .body("code", equalTo("UNKNOWN_FIELD"));
    policy("\"0\"", "{\"way\":\"AMENDED\"}").statusCode(200).body("version", equalTo(1));
    policy("\"0\"", "{\"way\":\"NEXT_INVOICE\"}").statusCode(412);
    finance().body("{\"way\":\"AMENDED\"}").put(policyPath()).then().statusCode(428);
    assertThat(given().get(policyPath()).statusCode()).isEqualTo(401);
    assertThat(as(world.owner).get(policyPath()).statusCode()).isEqualTo(403);
  }

  private static void sql(String statement, String invoice) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute(statement.formatted(invoice.substring(4)));
    }
  }
}
