package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.tenant.projects.ProjectEntity;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.vertx.RunOnVertxContext;
import io.quarkus.test.vertx.UniAsserter;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second wall: what a statement without its WHERE sees. */
@TenantService
class RowLevelSecurityIT {
  @Inject Transactions transactions;
  @Inject Mutiny.SessionFactory sessions;

  private static Tenant own;
  private static Tenant other;

  @BeforeEach
  void twoTenantsWithRowsInEveryTable() {
    if (own == null) {
      own = filled("rls-own");
      other = filled("rls-other");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant",
        "project",
        "member",
        "project_member",
        "quota",
        "idempotency",
        "tenant_move",
        "webhook",
        "notification",
        "notification_dispatch",
        "notification_settings"
      })
  void showsATenantItsOwnRowsOnlyWithoutAnyWhere(String table) throws SQLException {
    assertThat(Database.number("select count(distinct tenant_id) from " + table))
        .isGreaterThanOrEqualTo(2);
    try (Connection c = TestDatabase.as("tenant_app", own.uuid())) {
      assertThat(strings(c, "select distinct tenant_id::text from " + table))
          .containsExactly(own.uuid());
    }
    try (Connection c = TestDatabase.as("tenant_app", "")) {
      assertThat(Database.number(c, "select count(*) from " + table)).isZero();
    }
  }

  @Test
  void refusesRowsForAnotherTenant() throws SQLException {
    try (Connection c = TestDatabase.as("tenant_app", own.uuid());
        Statement s = c.createStatement()) {
      assertThatThrownBy(
              () ->
                  s.execute(
                      """
                      insert into project (project_id, tenant_id, slug, name, state, version,
                                           created_at, updated_at)
                      values (gen_random_uuid(), '%s', 'smuggled', 'x', 'ACTIVE', 1, now(), now())
                      """
                          .formatted(other.uuid())))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void changesNothingOfAnotherTenantWithoutAnyWhere() throws SQLException {
    try (Connection c = TestDatabase.as("tenant_app", own.uuid());
        Statement s = c.createStatement()) {
      assertThat(s.executeUpdate("update project set name = 'changed'")).isEqualTo(2);
      c.rollback();
    }
  }

  @Test
  void doesNotLetATenantTouchTenantsOrQuotas() throws SQLException {
    for (String sql :
        List.of(
            "update tenant set name = 'x'",
            "update quota set limit_gpus = 1",
            "delete from project",
            "select * from outbox")) {
      try (Connection c = TestDatabase.as("tenant_app", own.uuid());
          Statement s = c.createStatement()) {
        assertThatThrownBy(() -> s.execute(sql)).hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void coversEveryTableThatCarriesATenant() {
    assertThat(
            Database.number(
                """
                select count(*) from pg_class t join pg_attribute a on a.attrelid = t.oid
                where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace
                  and a.attname = 'tenant_id'
                  and t.relname <> 'parked_event'
                  and not (t.relrowsecurity and t.relforcerowsecurity)"""))
        .isZero();
  }

  @Test
  @RunOnVertxContext
  void holdsInTheServiceWhenAQueryForgetsItsTenant(UniAsserter asserter) {
    asserter.assertThat(
        () ->
            transactions.asTenant(
                TenantId.parse(own.id()),
                session ->
                    session
                        .createSelectionQuery("from ProjectEntity", ProjectEntity.class)
                        .getResultList()),
        projects ->
            assertThat(projects)
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.tenant().toString()).isEqualTo(own.id())));
  }

  @Test
  @RunOnVertxContext
  void deniesAStatementOutsideAnyRole(UniAsserter asserter) {
    asserter.assertFailedWith(
        () ->
            sessions.withTransaction(
                session ->
                    session
                        .createSelectionQuery("from ProjectEntity", ProjectEntity.class)
                        .getResultList()),
        failure -> assertThat(failure).hasStackTraceContaining("permission denied"));
  }

  private static Tenant filled(String base) {
    Tenant tenant = openTenant(base);
    String project =
        tenant
            .as("owner")
            .get("/tenants/" + tenant.slug() + "/projects/training")
            .jsonPath()
            .getString("id");
    tenant.join("guest-" + tenant.slug(), "'projectRoles': {'%s': ['VIEWER']}".formatted(project));
    assertThat(
            json(withKey(tenant.as("owner")), "{'url': 'http://127.0.0.1:9/'}")
                .post("/tenants/" + tenant.slug() + "/webhooks")
                .statusCode())
        .isEqualTo(201);
    assertThat(
            json(withKey(tenant.as("owner")), "{'email': 'a@example.com', 'roles': ['VIEWER']}")
                .post("/tenants/" + tenant.slug() + "/invitations")
                .statusCode())
        .isEqualTo(201);
    assertThat(
            json(tenant.as("owner").header("If-Match", "\"0\""), "{'language': 'EN'}")
                .put("/tenants/" + tenant.slug() + "/notification-settings")
                .statusCode())
        .isEqualTo(200);
    // its answer is stored for replay under the tenant
    assertThat(
            json(withKey(tenant.as("owner")), "{'slug': 'second'}")
                .post("/tenants/" + tenant.slug() + "/projects")
                .statusCode())
        .isEqualTo(201);
    return tenant;
  }

  private static List<String> strings(Connection c, String sql) throws SQLException {
    var found = new ArrayList<String>();
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
