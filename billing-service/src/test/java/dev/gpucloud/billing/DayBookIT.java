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
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A month that was rated day by day is the month that was rated run by run. */
@QuarkusTest
class DayBookIT extends AfterTheMonth {

  /**
   * Runs on four days, over midnight, padded, moved between projects, and one over the month's end.
   */
  private static World used() {
    World world = World.external();
    world.ran("a", 8, "2026-11-02T09:00:00", "2026-11-02T10:00:00.250");
    world.ran("b", 1, "2026-11-02T09:30:00", "2026-11-02T09:30:20");
    world.ran("c", 4, "2026-11-03T22:00:00", "2026-11-04T03:00:00");
    world.ran("d", 2, "2026-11-05T20:00:00", "2026-11-06T00:00:00");
    world.ran("e", 2, "2026-10-30T20:00:00", "2026-11-01T00:30:00");
    world.runs("f", 1, "2026-11-30T12:00:00", "2026-12-01T12:00:00");
    world.awaitEvents(26);
    return world;
  }

  private static void awaitBooked(World world, long days) {
    eventually(() -> count(BOOKED, world.tenant) == days);
  }

  private static final String BOOKED =
      "select count(*) from usage_day where tenant_id = '%s' and booked and looked = version";

  /** Nobody books them for the time being. */
  private static void withoutBooks(World world) {
    TestDatabase.update(
        """
        update usage_day set version = version + 1, changed_at = now() + interval '1 hour'
        where tenant_id = '%s'"""
            .formatted(world.tenant));
  }

  private static long daysOf(String invoice) {
    return count(
        "select cardinality(days) from rated_rows where invoice_id = '%s'", invoice.substring(4));
  }

  private static List<Object> lines(String invoice) {
    return auditor().get("/api/v1/finance/invoices/" + invoice).then().extract().path("lines");
  }

  private static List<Object> rows(String invoice) {
    return auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .extract()
        .path("lines[0].details");
  }

  private static void rerate(String invoice) {
    finance()
        .header("If-Match", auditor().get("/api/v1/finance/invoices/" + invoice).header("ETag"))
        .post("/api/v1/finance/invoices/" + invoice + "/rerate")
        .then()
        .statusCode(200);
  }

  @Test
  void theSameLinesAndRowsAsWithoutBooks() {
    World world = used();
    awaitBooked(world, 4);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    assertThat(daysOf(invoice)).isEqualTo(4);
    List<Object> lines = lines(invoice);
    assertThat(rows(invoice)).hasSize(6);

    withoutBooks(world);
    rerate(invoice);

    assertThat(daysOf(invoice)).isZero();
    assertThat(lines(invoice)).isEqualTo(lines);
  }

  @Test
  void anInvoiceOfBooksIsIssuedAndReconciled() {
    World world = used();
    awaitBooked(world, 4);
    String invoice = world.issued(MONTH);

    assertThat(daysOf(invoice)).isEqualTo(4);
    auditor()
        .get(world.accountPath("reconciliation?month=" + MONTH))
        .then()
        .statusCode(200)
        .body("agreed", equalTo(true))
        .body("days.find { it.day == '2026-11-04' }.seconds.billed", equalTo("10800"));
  }

  @Test
  void theRowsOfAnIssuedInvoiceStayThoughItsDayIsBookedAnew() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    String invoice = world.issued(MONTH);
    List<Object> rows = rows(invoice);
    assertThat(rows).hasSize(1);

    world.stopped(run, "2026-11-02T11:00:00");

    eventually(() -> count(BOOKED_TWICE, world.tenant) == 1);
    assertThat(rows(invoice)).isEqualTo(rows);
    as(world.owner)
        .get("/api/v1/tenants/" + world.slug + "/invoices/" + invoice)
        .then()
        .statusCode(200)
        .body("lines[0].details", equalTo(rows));
  }

  private static final String BOOKED_TWICE =
      """
      select count(*) from (
        select day from usage_day_rows where tenant_id = '%s' group by day having count(*) = 2) d""";

  @Test
  void rowsOfADayAreSeenByWhomAnIssuedInvoiceChargedAndNeverChange() throws Exception {
    World world = World.external();
    World other = World.external();
    for (World each : List.of(world, other)) {
      each.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
      each.awaitEvents(5);
      awaitBooked(each, 1);
    }
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    assertThat(visibleRows(world.tenant.toString())).isZero();
    move(finance(), invoice, "submit").then().statusCode(200);
    move(approver(), invoice, "approve").then().statusCode(200);
    move(finance(), invoice, "issue").then().statusCode(200);

    assertThat(visibleRows(world.tenant.toString())).isEqualTo(1);
    assertThat(visibleRows(other.tenant.toString())).isZero();
    for (String change :
        List.of(
            "update usage_day_rows set rows = ''",
            "delete from usage_day_rows",
            "truncate usage_day_rows")) {
      assertThatThrownBy(() -> TestDatabase.update(change))
          .as(change)
          .hasStackTraceContaining("append-only");
    }
  }

  private static long visibleRows(String tenant) throws SQLException {
    try (Connection c = TestDatabase.as("billing_app", tenant);
        Statement s = c.createStatement();
        ResultSet found = s.executeQuery("select count(*) from usage_day_rows")) {
      found.next();
      return found.getLong(1);
    }
  }

  @Test
  void whatComesForABookedDayBooksItAnewAndOutdatesTheDraft() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    move(finance(), invoice, "submit").then().statusCode(200);
    move(approver(), invoice, "approve").then().statusCode(200);

    world.stopped(run, "2026-11-02T11:00:00");

    move(finance(), invoice, "issue").then().statusCode(409);
    move(approver(), invoice, "return").then().statusCode(200);
    awaitBooked(world, 1);
    rerate(invoice);
    assertThat(daysOf(invoice)).isEqualTo(1);
    assertThat(lines(invoice).toString()).contains("quantity=2,");
    assertThat(rows(invoice)).hasSize(1);
  }

  @Test
  void aSignOfLifeAfterTheStopTakesTheBookAway() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");
    assertThat(daysOf(invoice)).isEqualTo(1);

    run.alive("2026-11-02T11:00:00");

    awaitBooked(world, 0);
    move(finance(), invoice, "submit")
        .then()
        .statusCode(409)
        .body("params.items[0].params.kind", equalTo("AGENT_ENDS_LATER"));
  }

  @Test
  void anIntervalThatSomebodyChangesTakesTheBookAway() {
    World world = World.external();
    World.Run run = world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");

    TestDatabase.update(
        "update usage_interval set end_at = end_at - interval '10 seconds' where run_id = '%s'"
            .formatted(run.run));

    awaitBooked(world, 0);
    move(finance(), invoice, "submit")
        .then()
        .statusCode(409)
        .body(
            "params.items.params.kind",
            contains("METERED_UNLIKE_INVENTORY", "BILLED_UNLIKE_METERED"));
  }

  @Test
  void aPriceAgreedAfterwardsHoldsAllTheSame() {
    World world = World.external();
    world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    world.agreed(
        "c-1",
        "CONTRACT_PRICE",
        "\"from\":\"2026-11-01\"",
        "{\"sku\":\"b200-sxm-180g.on-demand.kr-ulsan\",\"priceKrw\":\"1000\"}");

    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");

    assertThat(daysOf(invoice)).isZero();
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("supplyValue.amount", equalTo("1000"));
  }

  @Test
  void aPriceFromALaterDayOnLeavesEarlierBooks() {
    World world = World.external();
    world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.awaitEvents(5);
    awaitBooked(world, 1);
    world.agreed(
        "c-1",
        "CONTRACT_PRICE",
        "\"from\":\"2026-11-20\"",
        "{\"sku\":\"b200-sxm-180g.on-demand.kr-ulsan\",\"priceKrw\":\"1000\"}");
    world.ran("b", 1, "2026-11-19T23:00:00", "2026-11-20T01:00:00");
    world.awaitEvents(10);
    awaitBooked(world, 2);

    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");

    assertThat(daysOf(invoice)).isEqualTo(2);
    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("lines.amount.amount", containsInAnyOrder("14400", "1000"));
  }

  @Test
  void whereRowsDependOnEachOtherThereIsNoBook() {
    World world = World.external();
    world.agreed(
        "c-1",
        "CONTRACT_PRICE",
        "\"from\":\"2026-11-01\"",
        """
        {"sku":"b200-sxm-180g.on-demand.kr-ulsan","tiers":{"mode":"GRADUATED","bands":[
         {"upToHours":"1","priceKrw":"4500"},{"priceKrw":"1000"}]}}""");
    world.ran("a", 1, "2026-11-02T09:00:00", "2026-11-02T10:00:00");
    world.ran("b", 1, "2026-11-03T09:00:00", "2026-11-03T10:00:00");
    world.awaitEvents(10);
    eventually(
        () ->
            count(
                    "select count(*) from usage_day where tenant_id = '%s' and looked = version",
                    world.tenant)
                == 2);
    assertThat(count(BOOKED, world.tenant)).isZero();

    String invoice = world.draft(MONTH).then().statusCode(201).extract().path("id");

    auditor()
        .get("/api/v1/finance/invoices/" + invoice)
        .then()
        .body("supplyValue.amount", equalTo("5500"));
  }

  /** What counts events by month, and days, is what the events themselves say. */
  @Test
  void countsWhatCame() {
    World world = used();

    assertThat(
            TestDatabase.value(
                """
                select string_agg(month || ' ' || told || ' ' || metered, ',' order by month)
                from usage_month where tenant_id = '%s'"""
                    .formatted(world.tenant)))
        .isEqualTo(
            TestDatabase.value(
                """
                select string_agg(month || ' ' || told || ' ' || metered, ',' order by month)
                from (select to_char(at at time zone 'Asia/Seoul', 'YYYY-MM') as month,
                             count(*) as told,
                             count(*) filter (where type in ('instance.started', 'instance.stopped'))
                               as metered
                      from instance_event where tenant_id = '%s' group by 1) m"""
                    .formatted(world.tenant)));
    assertThat(count("select count(*) from usage_day where tenant_id = '%s'", world.tenant))
        .isEqualTo(4);
  }
}
