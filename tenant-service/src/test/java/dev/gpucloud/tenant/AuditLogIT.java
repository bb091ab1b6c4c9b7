package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The audit log from the change of a member to the proof of the chain. */
@TenantService
class AuditLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void tellsWhoChangedAMemberWithTheRolesBeforeAndAfter() {
    Tenant tenant = openTenant("audited");
    String request = UUID.randomUUID().toString();
    setViewer(tenant, request, "1", "OPERATOR").then().statusCode(200);

    JsonPath page =
        awaitItems(1, () -> auditor().queryParam("requestId", request).get("/admin/audit"));

    assertThat(page.getString("items[0].action")).isEqualTo("tenant.member.set");
    assertThat(page.getString("items[0].category")).isEqualTo("SECURITY");
    assertThat(page.getString("items[0].actor.subject")).isEqualTo(tenant.slug() + "-owner");
    assertThat(page.getString("items[0].actor.kind")).isEqualTo("USER");
    assertThat(page.getString("items[0].target.id")).isEqualTo(tenant.slug() + "-viewer");
    assertThat(page.getString("items[0].target.tenant")).isEqualTo(tenant.id());
    assertThat(page.getString("items[0].before.roles[0]")).isEqualTo("VIEWER");
    assertThat(page.getString("items[0].after.roles[0]")).isEqualTo("OPERATOR");
    assertThat(page.getString("items[0].result")).isEqualTo("DONE");
  }

  @Test
  void anOwnerSeesItsOwnTenantOnlyAndPagesThroughIt() {
    Tenant tenant = openTenant("own-audit");
    Tenant foreign = openTenant("foreign-audit");
    JsonPath all =
        awaitItems(
            7,
            () ->
                tenant
                    .as("owner")
                    .queryParam("action", "tenant.")
                    .get("/tenants/" + tenant.slug() + "/audit"));

    assertThat(all.getList("items.target.tenant", String.class)).containsOnly(tenant.id());
    Response first =
        tenant.as("owner").queryParam("pageSize", 2).get("/tenants/" + tenant.slug() + "/audit");
    Response second =
        tenant
            .as("owner")
            .queryParam("pageSize", 2)
            .queryParam("pageToken", first.jsonPath().getString("nextPageToken"))
            .get("/tenants/" + tenant.slug() + "/audit");
    List<Integer> sequences = first.jsonPath().getList("items.sequence");
    assertThat(second.jsonPath().getList("items.sequence", Integer.class))
        .allMatch(sequence -> sequence < sequences.getLast());
    refused(tenant.as("owner").get("/tenants/" + foreign.slug() + "/audit"), 404, "NOT_FOUND");
  }

  @Test
  void badFiltersAreAllNamed() {
    Response answer =
        auditor()
            .queryParam("result", "MAYBE")
            .queryParam("from", "yesterday")
            .queryParam("tenant", "Acme!")
            .get("/admin/audit");

    refused(answer, 400, "INVALID_PARAMETER");
    assertThat(answer.jsonPath().getList("errors.pointer"))
        .containsExactlyInAnyOrder("result", "from", "tenant");
  }

  @Test
  void takesAnEntryThatComesTwiceOnce() {
    String id = UUID.randomUUID().toString();
    String request = UUID.randomUUID().toString();
    TestKafka.Event event =
        new TestKafka.Event(
            id,
            "/inventory-service",
            Topics.AUDIT_ENTRIES,
            id,
            "audit.recorded",
            "",
            1,
            """
            {"at":"2026-11-02T01:02:03Z","service":"inventory-service","category":"CHANGE",
             "actor":{"kind":"USER","subject":"u-1"},"requestId":"%s","action":"host.move",
             "target":{"type":"host","id":"hst-1"},"result":"DONE","count":1}"""
                .formatted(request));
    TestKafka.send(event, event);
    String last = UUID.randomUUID().toString();
    Tenant tenant = openTenant("after-twice");
    setViewer(tenant, last, "1", "OPERATOR").then().statusCode(200);
    awaitItems(1, () -> auditor().queryParam("requestId", last).get("/admin/audit"));

    awaitItems(1, () -> auditor().queryParam("requestId", request).get("/admin/audit"));
    assertThat(
            Database.number(
                "select count(*) from audit_content where request_id = '" + request + "'"))
        .isEqualTo(1);
  }

  @Test
  void theChainIsProvedAndEveryKindOfTamperingIsFound() throws Exception {
    Tenant tenant = openTenant("tampered");
    awaitItems(7, () -> tenant.as("owner").get("/tenants/" + tenant.slug() + "/audit"));
    assertThat(verify().getBoolean("intact")).isTrue();
    long sequence =
        Database.number(
            "select max(sequence) from audit_content where tenant_id = '" + tenant.uuid() + "'");

    tampered(
        "update audit_content set entry = replace(entry, 'DONE', 'GONE') where sequence = "
            + sequence,
        "update audit_content set entry = replace(entry, 'GONE', 'DONE') where sequence = "
            + sequence,
        "CHANGED");
    for (String column :
        List.of("actor = 'nobody'", "tenant_id = null", "at = now()", "entry = 'no JSON'")) {
      tampered(
          "create table audit_found_by as select * from audit_content where sequence = %d;"
                  .formatted(sequence)
              + "update audit_content set %s where sequence = %d".formatted(column, sequence),
          "update audit_content c set actor = k.actor, tenant_id = k.tenant_id, at = k.at,"
              + " entry = k.entry"
              + " from audit_found_by k where k.sequence = c.sequence; drop table audit_found_by",
          "CHANGED");
    }
    tampered(
        "update audit_entry set hash = decode(repeat('ab', 32), 'hex'), category = 'READ'"
            + " where sequence = 1",
        null,
        "CHANGED");
  }

  @Test
  void theDatabaseRefusesToChangeTheLog() throws Exception {
    Tenant tenant = openTenant("refusing");
    awaitItems(7, () -> tenant.as("owner").get("/tenants/" + tenant.slug() + "/audit"));
    for (String sql :
        List.of(
            "update audit_entry set category = 'READ'",
            "delete from audit_entry",
            "delete from audit_content",
            "update audit_content set entry = '{}'",
            "update audit_checkpoint set count = 1")) {
      assertThat(refusal("tenant_system", sql)).as(sql).contains("permission denied");
    }
    assertThat(refusal("tenant_system", "select audit_drop('READ', 1000000000, now())"))
        .contains("no checkpoint covers");
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      assertThatThrownBy(() -> s.execute("delete from audit_entry"))
          .hasMessageContaining("the audit log only grows");
    }
  }

  private static String refusal(String role, String sql) throws SQLException {
    try (Connection c = TestDatabase.as(role, "");
        Statement s = c.createStatement()) {
      s.execute(sql);
      return "";
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  @Test
  void findsEntriesByTheirTime() {
    Tenant tenant = openTenant("timed");
    String list = "/tenants/" + tenant.slug() + "/audit?from=";
    awaitItems(
        7, () -> tenant.as("owner").get(list + "2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"));

    assertThat(tenant.as("owner").get(list + "2100-01-01T00:00:00Z").jsonPath().getList("items"))
        .isEmpty();
    refused(tenant.as("owner").get(list + "soon"), 400, "INVALID_PARAMETER");
    LocalDate today = LocalDate.now(ZoneId.of("Asia/Seoul"));
    assertThat(itemsAt(tenant, list + today + "&to=" + today)).hasSizeGreaterThanOrEqualTo(7);
    assertThat(itemsAt(tenant, list + "2020-01-01&to=" + today.minusDays(1))).isEmpty();
    assertThat(
            refused(
                    tenant.as("owner").get(list + "2026-11-03&to=2026-11-02"),
                    400,
                    "INVALID_PARAMETER")
                .jsonPath()
                .getString("errors[0].detail"))
        .isEqualTo("must be after from, which is 2026-11-02T15:00:00Z");
    refused(
        json(tenant.as("owner").header("If-Match", "\"1\""), "[".repeat(1_100))
            .patch("/tenants/" + tenant.slug()),
        400,
        "MALFORMED_BODY");
  }

  private static List<Object> itemsAt(Tenant tenant, String path) {
    return tenant.as("owner").get(path).jsonPath().getList("items");
  }

  @Test
  void whatWasDoneAndWhatWasRefusedHaveOneName() {
    Tenant tenant = openTenant("one-name");
    String member = "/tenants/" + tenant.slug() + "/members/" + tenant.slug() + "-viewer";
    tenant.as("operator").delete(member).then().statusCode(403);
    tenant.as("owner").header("If-Match", "\"1\"").delete(member).then().statusCode(204);

    JsonPath page =
        awaitItems(
            2,
            () ->
                auditor()
                    .queryParam("tenant", tenant.slug())
                    .queryParam("action", "tenant.member.remove")
                    .get("/admin/audit"));

    assertThat(page.getList("items.result")).containsExactlyInAnyOrder("DONE", "DENIED");
    assertThat(page.getList("items.action"))
        .containsExactly("tenant.member.remove", "tenant.member.remove");
    refused(auditor().queryParam("tenant", "no-such-one").get("/admin/audit"), 404, "NOT_FOUND");
  }

  @Test
  void exportsTheChainInBothForms() {
    Tenant tenant = openTenant("exported");
    awaitItems(7, () -> tenant.as("owner").get("/tenants/" + tenant.slug() + "/audit"));

    String lines = auditor().get("/admin/audit/export?to=3").asString();
    String csv = auditor().get("/admin/audit/export?format=csv&to=3").asString();

    assertThat(lines.lines()).hasSize(4);
    assertThat(lines.lines().findFirst().orElseThrow()).contains("gpucloud-audit-export-1");
    assertThat(csv.lines()).hasSize(4);
    assertThat(csv).startsWith("sequence,category,entryHash,hash,at");
    refused(auditor().get("/admin/audit/export?format=xml"), 400, "INVALID_PARAMETER");
  }

  private static void tampered(String change, String back, String kind) throws SQLException {
    unguarded(change);
    JsonPath found = verify();
    if (back != null) {
      unguarded(back);
      assertThat(verify().getBoolean("intact")).isTrue();
    }
    assertThat(found.getBoolean("intact")).isFalse();
    assertThat(found.getList("findings.kind")).contains(kind);
    if (back == null) {
      restore();
    }
  }

  /** What somebody with all rights on the database can do. */
  private static void unguarded(String sql) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      s.execute("create table if not exists audit_entry_kept as select * from audit_entry");
      s.execute("set session_replication_role = replica");
      s.execute(sql);
    }
  }

  private static void restore() throws SQLException {
    unguarded(
        """
        update audit_entry e set hash = k.hash, category = k.category
        from audit_entry_kept k where k.sequence = e.sequence and k.hash <> e.hash""");
    assertThat(verify().getBoolean("intact")).isTrue();
  }

  private static JsonPath verify() {
    Response answer = auditor().post("/admin/audit/verify");
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    return answer.jsonPath();
  }

  private static RequestSpecification auditor() {
    return as("the-auditor", "auditor");
  }

  private static Response setViewer(Tenant tenant, String request, String version, String role) {
    return json(
            tenant
                .as("owner")
                .header("X-Request-Id", request)
                .header("If-Match", "\"" + version + "\""),
            "{'username': '%s-viewer', 'roles': ['%s']}".formatted(tenant.slug(), role))
        .put("/tenants/" + tenant.slug() + "/members/" + tenant.slug() + "-viewer");
  }

  private static JsonPath awaitItems(int count, Supplier<Response> request) {
    Instant deadline = Instant.now().plus(PATIENCE);
    Response answer = request.get();
    while (answer.statusCode() == 200
        && answer.jsonPath().getList("items").size() < count
        && Instant.now().isBefore(deadline)) {
      answer = request.get();
    }
    assertThat(answer.statusCode()).describedAs(answer.asString()).isEqualTo(200);
    assertThat(answer.jsonPath().getList("items"))
        .describedAs(answer.asString())
        .hasSizeGreaterThanOrEqualTo(count);
    return answer.jsonPath();
  }
}
