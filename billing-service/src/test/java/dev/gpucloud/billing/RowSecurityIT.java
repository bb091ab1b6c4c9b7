package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.finance;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Rows of corrections, notes, reviews, the close and grants behind the second wall: whoever does
 * not say for which tenant sees nothing, whoever does sees their own.
 */
@QuarkusTest
class RowSecurityIT extends AfterTheMonth {
  private static final String PERMISSION_DENIED = "42501";
  private static final String NEXT = "2026-12";

  /** Tables with a tenant, each filled for both worlds below. */
  private static final List<String> FILLED =
      List.of(
          "late_policy",
          "invoice_note",
          "invoice_note_line",
          "late_usage",
          "late_usage_credit",
          "close_waiver",
          "anomaly_look",
          "invoice_comment",
          "close_account",
          "grant_share",
          "agreement",
          "prepaid",
          "tax_document",
          "payment_allocation");

  /** What tenants read by themselves; all else is for finance alone. */
  private static final List<String> READ_BY_TENANTS =
      List.of(
          "invoice_note",
          "invoice_note_line",
          "late_usage",
          "late_usage_credit",
          "grant_share",
          "agreement",
          "prepaid",
          "tax_document",
          "payment_allocation");

  /** A company with a row in each of the tables; the number of its invoice. */
  private record Company(World world, String number, String note, String noteInReview) {}

  private static Company company() {
    World world =
        new World()
            .tenant(
                "EXTERNAL",
                "EXTERNAL",
                ",\"segment\":\"STARTUP\",\"programme\":{\"name\":\"startup-credit\","
                    + "\"creditKrw\":50000,\"expires\":\"2027-03-31\"}");
    world.grant("grant.accepted", "2026-10-20T12:00:00", "gaw_" + UUID.randomUUID(), 1, 10);
    world.agreed(
        "fee-1",
        "MONTHLY_FEE",
        "\"from\":\"2026-11-01\",\"until\":\"2026-11-30\"",
        "{\"amountKrwPerMonth\":\"1000000\"}");
    world.toAccount("prepaid", "{\"amountKrw\":\"100\",\"from\":\"2026-11-01\"}");
    World.Run run = world.runs("a", 1, "2026-11-30T20:00:00", "2026-12-31T23:59:59.999");
    String invoice = world.issued(MONTH);
    String number =
        auditor().get("/api/v1/finance/invoices/" + invoice).then().extract().path("number");
    world.latePolicy("NEXT_INVOICE");
    world.stopped(run, "2026-11-30T21:00:00");
    String next = world.draft(NEXT).then().statusCode(201).extract().path("id");
    String note = note(number);
    approver()
        .header("If-Match", "\"1\"")
        .body("{}")
        .post("/api/v1/finance/notes/" + note + "/approve")
        .then()
        .statusCode(200);
    String waiting = note(number);
    keyed().body("{\"text\":\"why?\"}").post("/api/v1/finance/invoices/" + next + "/comments");
    keyed().body("{}").post("/api/v1/finance/invoices/" + number + "/tax-documents");
    keyed()
        .body(
            "{\"receivedOn\":\"2026-12-20\",\"payer\":\"p\",\"reference\":\"%s\",".formatted(number)
                + "\"amount\":{\"amount\":\"50\",\"currency\":\"KRW\"}}")
        .post("/api/v1/finance/payments");
    rowsOfTheClose(world, invoice);
    World.eventually(
        () -> count("select count(*) from grant_share where tenant_id = '%s'", world.tenant) == 1);
    return new Company(world, number, note, waiting);
  }

  private static RequestSpecification keyed() {
    return finance().header("Idempotency-Key", UUID.randomUUID().toString());
  }

  private static String note(String number) {
    return keyed()
        .body(
            "{\"kind\":\"SLA\",\"amountKrw\":\"1000\",\"why\":\"w\","
                + "\"periodFrom\":\"2026-11-22\",\"periodTo\":\"2026-11-22\"}")
        .post("/api/v1/finance/invoices/" + number + "/notes")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Rows that take a walk over all accounts, or a difference, to come about. */
  private static void rowsOfTheClose(World world, String invoice) {
    String account = world.account();
    UUID run = UUID.randomUUID();
    TestDatabase.update(
        "insert into billing_month (month, state) values ('2025-01', 'OPEN') on conflict do"
            + " nothing");
    TestDatabase.update(
        "insert into close_run values ('%s', '2025-01', 'DONE', 's', 'n', now(), now())"
            .formatted(run));
    TestDatabase.update(
        "insert into close_account values ('%s', '%s', '2025-01', '%s', 'DRAFT', null, now())"
            .formatted(world.tenant, account, run));
    TestDatabase.update(
        """
        insert into close_waiver (tenant_id, id, account_id, month, code, subject, detail, reason,
          state, proposed_by, proposed_name, proposed_at)
        values ('%s', '%s', '%s', '2025-01', 'PARKED_EVENTS', 's', 'd', 'r', 'PROPOSED', 'p', 'p',
          now())"""
            .formatted(world.tenant, UUID.randomUUID(), account));
    TestDatabase.update(
        "insert into anomaly_look values ('%s', '%s', 'SUPPLY_CHANGED', 'invoice', 'd', null, 's',"
                .formatted(world.tenant, invoice.substring(4))
            + " 'n', now())");
  }

  @Test
  void tenantsSeeTheirOwnRowsAndNobodyWithoutATenantSeesAny() throws SQLException {
    Company mine = company();
    Company other = company();
    for (String table : FILLED) {
      for (Company company : List.of(mine, other)) {
        assertThat(
                count(
                    "select count(*) from %s where tenant_id = '%s'", table, company.world.tenant))
            .as(table + " is filled")
            .isPositive();
      }
      String foreign = table + " where tenant_id <> '" + mine.world.tenant + "'";
      assertThat(seen("billing_app", "", table)).as(table + " without a tenant").isZero();
      assertThat(seen("billing_owner", "", table)).as(table + " by its owner").isZero();
      assertThat(seen("billing_app", mine.world.tenant.toString(), foreign))
          .as(table + " of others")
          .isZero();
      boolean reads = READ_BY_TENANTS.contains(table);
      assertThat(seen("billing_app", mine.world.tenant.toString(), table) > 0)
          .as(table + " of one's own")
          .isEqualTo(reads);
    }
    assertThat(
            seen(
                "billing_app",
                mine.world.tenant.toString(),
                "invoice_note where state <> 'ISSUED'"))
        .isZero();
  }

  /** Rows a role sees; none where it may not look at all. */
  private static long seen(String role, String tenant, String from) throws SQLException {
    try (Connection c = TestDatabase.as(role, tenant);
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("select count(*) from " + from)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      if (PERMISSION_DENIED.equals(e.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  @Test
  void noTableWithATenantIsReadByTenantsWithoutTheWall() throws SQLException {
    var tables = new ArrayList<String>();
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement();
        ResultSet rows =
            s.executeQuery(
                """
                select t.relname, t.relrowsecurity and t.relforcerowsecurity,
                       exists (select from pg_policy p where p.polrelid = t.oid and p.polpermissive
                               and pg_get_expr(p.polqual, p.polrelid) like '%kit_tenant()%'),
                       has_table_privilege('billing_app', t.oid, 'select')
                from pg_class t join pg_attribute a on a.attrelid = t.oid
                where t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace
                  and a.attname = 'tenant_id' and not a.attisdropped""")) {
      while (rows.next()) {
        boolean forced = rows.getBoolean(2) && rows.getBoolean(3);
        assertThat(forced || !rows.getBoolean(4))
            .as(rows.getString(1) + " is read by requests of tenants and asks for none")
            .isTrue();
        if (forced) {
          tables.add(rows.getString(1));
        }
      }
    }
    assertThat(tables).containsAll(FILLED);
  }

  @Test
  void aForeignTenantsTokenReadsNothingOfIt() {
    Company mine = company();
    Company other = company();
    String notes = "/api/v1/tenants/" + mine.world.slug + "/invoices/";
    for (String path :
        List.of(
            mine.number,
            mine.number + "/payments",
            mine.number + "/breakdown",
            noteNumber(mine.note) + "/pdf")) {
      as(mine.world.owner).get(notes + path).then().statusCode(200);
      as(other.world.owner).get(notes + path).then().statusCode(404);
      as(other.world.owner)
          .get("/api/v1/tenants/" + other.world.slug + "/invoices/" + path)
          .then()
          .statusCode(404);
      given().get(notes + path).then().statusCode(401);
    }
    as(mine.world.owner)
        .get(notes + mine.number)
        .then()
        .body("notes.id", contains(mine.note))
        .body("notes", hasSize(1));
    for (String path :
        List.of(
            "notes/" + mine.note,
            "notes/" + mine.noteInReview,
            "late-usage",
            "close-waivers",
            "invoice-reviews",
            "accounts/" + mine.world.account() + "/late-usage-policy",
            "accounts/" + mine.world.account() + "/reconciliation?month=" + MONTH,
            "billing-months/" + MONTH + "/accounts/" + mine.world.account())) {
      as(other.world.owner)
          .get("/api/v1/finance/" + path)
          .then()
          .statusCode(403)
          .body("code", equalTo("FORBIDDEN"));
    }
  }

  private static String noteNumber(String note) {
    return auditor().get("/api/v1/finance/notes/" + note).then().extract().path("number");
  }
}
