package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.count;
import static dev.gpucloud.billing.fixture.World.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.fixture.World;
import dev.gpucloud.testsupport.TestDatabase;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Events that become runs and usage intervals, and what the database holds of them by itself. */
@QuarkusTest
class MeteringIT {
  private static final String FOREIGN_KEY = "23503";
  private static final String INTEGRITY = "23000";

  @Test
  void whatCameBeforeChangesNothingAmongWhatIsNew() {
    World world = World.external();
    World.Run one = world.b200("one", 8);
    TestKafka.Event started = one.event("instance.started", "2026-11-02T09:00:00");
    TestKafka.send(started);
    world.awaitEvents(1);

    TestKafka.Event stopped = one.event("instance.stopped", "2026-11-02T11:00:00");
    TestKafka.send(
        started,
        stopped,
        started,
        world.b200("two", 8).event("instance.started", "2026-11-02T10:00:00"));

    world.awaitEvents(3);
    assertThat(count("select count(*) from usage_interval where tenant_id = '%s'", world.tenant))
        .isEqualTo(2);
    assertThat(
            count(
                "select count(*) from usage_interval where run_id = '%s'"
                    + " and end_at = start_at + interval '2 hours'",
                one.run))
        .isOne();
    assertThat(count("select told from usage_month where tenant_id = '%s'", world.tenant))
        .isEqualTo(3);
  }

  @Test
  void anIntervalIsOfItsTenantsRunAndARunStays() throws Exception {
    World world = World.external();
    World.Run run = world.ran("kept", 8, "2026-11-02T09:00:00", "2026-11-02T11:00:00");
    eventually(
        () -> count("select count(*) from usage_interval where run_id = '%s'", run.run) == 1);

    refused(
        FOREIGN_KEY,
        """
        insert into usage_interval
        select '%s', run_id, 1, end_at, null, project_id, project_slug, cost_center, instance_type,
          gpu_model, gpus, mig_profile, site, region, purchase_class
        from usage_interval where run_id = '%s'"""
            .formatted(World.external().tenant, run.run));
    refused(
        FOREIGN_KEY,
        "update usage_interval set run_id = gen_random_uuid() where run_id = '%s'"
            .formatted(run.run));
    refused(INTEGRITY, "delete from run where run_id = '%s'".formatted(run.run));
    refused(
        INTEGRITY,
        "update run set tenant_id = gen_random_uuid() where run_id = '%s'".formatted(run.run));
  }

  private static void refused(String state, String sql) throws SQLException {
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      assertThatThrownBy(() -> s.execute(sql))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }
  }
}
