package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Lifecycle.Verdict;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Takes in what the agents of all sites report. A report counts only for the instance's current
 * run, on its host, from that host's own site, in answer to an order that still holds; all else is
 * refused, counted and changes nothing. A proof of release is kept beside the allocation, and the
 * pool's owner frees it.
 */
@ApplicationScoped
class ReportConsumer {
  private static final Logger LOG = Logger.getLogger(ReportConsumer.class);

  private final Inbox inbox;
  private final ObjectMapper json;
  private final PoolEpochs epochs;
  private final ChangeWriter changes;
  private final Placement placement;
  private final MeterRegistry meters;

  ReportConsumer(
      Inbox inbox,
      ObjectMapper json,
      PoolEpochs epochs,
      ChangeWriter changes,
      Placement placement,
      MeterRegistry meters) {
    this.inbox = inbox;
    this.json = json;
    this.epochs = epochs;
    this.changes = changes;
    this.placement = placement;
    this.meters = meters;
  }

  private record Proven(String pool, UUID allocation) {}

  @Incoming("reports")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    AtomicReference<Proven> proven = new AtomicReference<>();
    return inbox
        .accept(message, Inbox.Order.NONE, (s, event) -> judge(s, event, proven))
        .invoke(() -> free(proven.get()));
  }

  /** Only a hint, after the commit: the owner's sweep finds the proof anyway. */
  private void free(Proven proven) {
    if (proven != null) {
      placement
          .release(proven.pool(), proven.allocation())
          .subscribe()
          .with(v -> {}, f -> LOG.warnf("release waits for the sweep: %s", f.toString()));
    }
  }

  private Uni<Void> judge(Mutiny.Session s, InboundEvent event, AtomicReference<Proven> proven) {
    RunReport report = event.dataAs(json, RunReport.class);
    if (!event.topic().equals(Topics.reports(report.site()))) {
      return refuse(report, "OTHER_SITE");
    }
    return s.find(InstanceEntity.class, report.instanceId().value(), LockModeType.PESSIMISTIC_WRITE)
        .chain(
            instance ->
                instance == null
                    ? refuse(report, "UNKNOWN_INSTANCE")
                    : epochs
                        .now(s, instance.poolId())
                        .chain(now -> judge(s, instance, report, now, proven)));
  }

  private Uni<Void> judge(
      Mutiny.Session s,
      InstanceEntity instance,
      RunReport report,
      Moment now,
      AtomicReference<Proven> proven) {
    return switch (Lifecycle.report(instance, report, now)) {
      case Verdict.Changes changed -> changes.write(s, changed.change());
      case Verdict.Proof proof -> keepProof(s, instance, report, proven);
      case Verdict.Nothing nothing -> Uni.createFrom().voidItem();
      case Verdict.Refused refused -> lateProof(s, report, refused.why());
    };
  }

  /** A proof for a run that its instance went on without: the fenced slices may be freed. */
  private Uni<Void> lateProof(Mutiny.Session s, RunReport report, String why) {
    if (!report.observed().equals(RunReport.RELEASED) || !report.scrubbed()) {
      return refuse(report, why);
    }
    return Sql.update(
            s,
            """
            update allocation set proof_at = ?3
            where run_id = ?1 and host_id = ?2 and state = 'FENCED' and proof_at is null
              and pool_id like ?4""",
            report.runId().value(),
            report.hostId().value(),
            report.at().atOffset(ZoneOffset.UTC),
            report.site() + "/%")
        .chain(n -> n == 1 ? Uni.createFrom().voidItem() : refuse(report, why));
  }

  private Uni<Void> keepProof(
      Mutiny.Session s, InstanceEntity instance, RunReport report, AtomicReference<Proven> proven) {
    return Sql.rows(
            s,
            """
            update allocation set proof_at = ?3
            where tenant_id = ?1 and run_id = ?2 and state <> 'RELEASED'
            returning id, pool_id""",
            instance.tenantId().value(),
            report.runId().value(),
            report.at().atOffset(ZoneOffset.UTC))
        .invoke(rows -> rows.forEach(row -> proven.set(new Proven((String) row[1], (UUID) row[0]))))
        .replaceWithVoid();
  }

  private Uni<Void> refuse(RunReport report, String why) {
    meters.counter("gpucloud.reports.refused", "reason", why).increment();
    LOG.warnf(
        "refused report %s of run %s (order %d, epoch %d) from %s: %s",
        report.observed(),
        report.runId(),
        report.orderSequence(),
        report.epoch(),
        report.site(),
        why);
    return Uni.createFrom().voidItem();
  }
}
