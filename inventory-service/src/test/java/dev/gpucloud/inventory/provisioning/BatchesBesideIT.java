package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of one pool that are under way beside each other, and quota that moves meanwhile. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "inventory"))
class BatchesBesideIT {
  private String site;
  private Tenant tenant;

  @BeforeEach
  void aSiteAndATenantWithSomeQuota() {
    site = World.site(2, "");
    tenant = World.tenantWithQuota(2);
  }

  @AfterEach
  void noSliceIsHeldTwiceAndEverySliceIsAccountedFor() {
    Checker.check();
  }

  private Response order(String name) {
    return create(tenant, name, "b200.1x", site);
  }

  /** Waits for the tenant's quota until the transaction ends that has it. */
  private CompletableFuture<Response> orderWhile(String sql, Connection c) throws SQLException {
    c.setAutoCommit(false);
    try (Statement s = c.createStatement()) {
      s.execute(sql.formatted(tenant.id()));
    }
    CompletableFuture<Response> ordered =
        CompletableFuture.supplyAsync(() -> order("waits"), Thread::startVirtualThread);
    World.eventually(
        () ->
            World.count(
                    """
                    select count(*) from pg_stat_activity
                    where wait_event_type = 'Lock' and query like '%no key update of u%'""")
                == 1);
    return ordered;
  }

  private void uncount() {
    TestDatabase.update(
        "update quota_usage set used_slices = used_slices - 8 where scope_id = '%s'"
            .formatted(tenant.id()));
  }

  @Test
  void whatAnotherTransactionCountsMeanwhileIsNotExceeded() throws Exception {
    order("first").then().statusCode(202);
    CompletableFuture<Response> ordered;
    try (Connection c = TestDatabase.admin()) {
      ordered =
          orderWhile(
              "update quota_usage set used_slices = used_slices + 8 where scope_id = '%s'", c);
      c.commit();
    }
    ordered.join().then().statusCode(409).body("code", equalTo("QUOTA_EXCEEDED"));
    uncount();
    order("waits").then().statusCode(202);
  }

  @Test
  void aLimitThatIsLoweredMeanwhileBinds() throws Exception {
    order("first").then().statusCode(202);
    CompletableFuture<Response> ordered;
    try (Connection c = TestDatabase.admin()) {
      ordered =
          orderWhile(
              """
              update quota_usage set limit_gpus = 1, limit_version = limit_version + 1
              where scope_id = '%s' and limit_version is not null""",
              c);
      c.commit();
    }
    ordered.join().then().body("code", equalTo("QUOTA_EXCEEDED")).body("params.limit", equalTo(1));
  }

  @Test
  void whoWaitsForAQuotaDoesNotHoldUpTheOthersOfThePool() throws Exception {
    order("first").then().statusCode(202);
    Tenant other = World.tenantWithQuota(2);
    create(other, "first", "b200.1x", site).then().statusCode(202);
    CompletableFuture<Response> ordered;
    try (Connection c = TestDatabase.admin()) {
      ordered = orderWhile("select from quota_usage where scope_id = '%s' for update", c);
      create(other, "second", "b200.1x", site).then().statusCode(202);
      assertThat(ordered).isNotDone();
      c.commit();
    }
    ordered.join().then().statusCode(202);
  }
}
