package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Whether the time that an agent names can be: no run begins before it was asked for, and nothing
 * is reported before it happens. Tenants pay by these times.
 */
@ApplicationScoped
class Stamps {
  private final Duration tolerance;

  Stamps(ProvisioningConfig config) {
    this.tolerance = config.stampTolerance();
  }

  /** A report as it may count, or why it may not. */
  record Judged(RunReport report, @Nullable String refused) {}

  /**
   * Judges the time of a report on an instance's current run. One that is early by no more than the
   * tolerance counts from when its run was asked for.
   */
  Uni<Judged> judge(Mutiny.Session s, InstanceEntity instance, RunReport report, Moment now) {
    if (!report.runId().equals(instance.runId())) {
      return Uni.createFrom().item(judge(report, Instant.MIN, now.business(), tolerance));
    }
    return Sql.rows(
            s,
            """
            select max(at) from instance_history
            where instance_id = ?1 and event_type in (?2, ?3)""",
            instance.id().value(),
            EventTypes.INSTANCE_CREATED,
            EventTypes.INSTANCE_STARTING)
        .map(rows -> (Instant) rows.getFirst()[0])
        .map(asked -> judge(report, asked, now.business(), tolerance));
  }

  static Judged judge(RunReport report, Instant asked, Instant now, Duration tolerance) {
    if (report.at().isAfter(now.plus(tolerance))) {
      return new Judged(report, "AHEAD_OF_CLOCK");
    }
    if (Duration.between(report.at(), asked).compareTo(tolerance) > 0) {
      return new Judged(report, "BEFORE_ITS_ORDER");
    }
    return new Judged(report.notBefore(asked), null);
  }
}
