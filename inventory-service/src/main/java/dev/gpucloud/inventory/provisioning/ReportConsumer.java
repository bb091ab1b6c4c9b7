package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ConsoleTail;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.event.SiteCapabilities;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.inventory.faults.Faults;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.Change.BootFailure;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Lifecycle.Verdict;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.report.SiteReportHandler;
import dev.gpucloud.inventory.setup.Capabilities;
import dev.gpucloud.inventory.setup.Consoles;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.inbox.PoisonEventException;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
  private final BootRetries retries;
  private final HostSigns signs;
  private final Faults faults;
  private final Capabilities capabilities;
  private final Consoles consoles;
  private final Stamps stamps;
  private final ProvisioningConfig config;
  private final MeterRegistry meters;
  private final Map<String, SiteReportHandler> handlers;

  ReportConsumer(
      Inbox inbox,
      ObjectMapper json,
      PoolEpochs epochs,
      ChangeWriter changes,
      Placement placement,
      BootRetries retries,
      HostSigns signs,
      Faults faults,
      Capabilities capabilities,
      Consoles consoles,
      Stamps stamps,
      ProvisioningConfig config,
      MeterRegistry meters,
      @All List<SiteReportHandler> handlers) {
    this.inbox = inbox;
    this.json = json;
    this.epochs = epochs;
    this.changes = changes;
    this.placement = placement;
    this.retries = retries;
    this.signs = signs;
    this.faults = faults;
    this.capabilities = capabilities;
    this.consoles = consoles;
    this.stamps = stamps;
    this.config = config;
    this.meters = meters;
    this.handlers =
        handlers.stream().collect(Collectors.toMap(SiteReportHandler::type, Function.identity()));
  }

  /** What is to be done at once after the commit; sweeps do it if this is lost. */
  private sealed interface Hint {
    record Proven(String pool, UUID allocation) implements Hint {}

    record NotBooted(UUID instance) implements Hint {}

    record HostChanged(String pool) implements Hint {}

    record HostsChanged(Set<String> pools) implements Hint {}
  }

  @Incoming("reports")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    AtomicReference<@Nullable Hint> hint = new AtomicReference<>();
    return inbox
        .accept(message, Inbox.Order.NONE, (s, event) -> judge(s, event, hint))
        .invoke(() -> follow(hint.get()));
  }

  private void follow(@Nullable Hint hint) {
    Uni<Void> work =
        switch (hint) {
          case Hint.Proven proven -> placement.release(proven.pool(), proven.allocation());
          case Hint.NotBooted notBooted -> retries.retry(notBooted.instance());
          case Hint.HostChanged changed -> placement.hostsChanged(changed.pool());
          case Hint.HostsChanged changed -> changed(changed.pools());
          case null -> Uni.createFrom().voidItem();
        };
    work.subscribe().with(v -> {}, f -> LOG.warnf("work waits for the sweep: %s", f.toString()));
  }

  private Uni<Void> changed(Set<String> pools) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (String pool : pools) {
      done = done.chain(() -> placement.hostsChanged(pool));
    }
    return done;
  }

  /** Runs are judged here, whatever else a site reports by its own handler. */
  private Uni<Void> judge(
      Mutiny.Session s, InboundEvent event, AtomicReference<@Nullable Hint> hint) {
    if (event.type().equals(EventTypes.GPU_FAULTED)) {
      return faults
          .take(s, event)
          .invoke(pool -> pool.ifPresent(p -> hint.set(new Hint.HostChanged(p))))
          .replaceWithVoid();
    }
    if (event.type().equals(EventTypes.CAPABILITIES_DECLARED)) {
      return declared(s, event);
    }
    if (event.type().equals(EventTypes.CONSOLE_REPORTED)) {
      return console(s, event);
    }
    if (event.type().equals(EventTypes.RUN_REPORTED)) {
      return judgeRun(s, event, hint);
    }
    SiteReportHandler handler = handlers.get(event.type());
    if (handler == null) {
      throw new PoisonEventException("sites report no " + event.type());
    }
    return handler
        .accept(s, event)
        .invoke(pools -> hint.set(new Hint.HostsChanged(pools)))
        .replaceWithVoid();
  }

  private Uni<Void> judgeRun(
      Mutiny.Session s, InboundEvent event, AtomicReference<@Nullable Hint> hint) {
    RunReport report = event.dataAs(json, RunReport.class);
    if (!event.topic().equals(Topics.reports(report.site()))) {
      return refuse(report, "OTHER_SITE");
    }
    signs.seen(report.hostId(), report.site());
    return s.find(InstanceEntity.class, report.instanceId().value(), LockModeType.PESSIMISTIC_WRITE)
        .chain(
            instance ->
                instance == null
                    ? refuse(report, "UNKNOWN_INSTANCE")
                    : epochs
                        .now(s, instance.poolId())
                        .chain(now -> judgeStamp(s, instance, report, now, hint)));
  }

  private Uni<Void> judgeStamp(
      Mutiny.Session s,
      InstanceEntity instance,
      RunReport report,
      Moment now,
      AtomicReference<@Nullable Hint> hint) {
    return stamps
        .judge(s, instance, report, now)
        .chain(
            judged ->
                judged.refused() == null
                    ? judge(s, instance, judged.report(), now, hint)
                    : refuse(report, judged.refused()));
  }

  private Uni<Void> declared(Mutiny.Session s, InboundEvent event) {
    SiteCapabilities said = event.dataAs(json, SiteCapabilities.class);
    if (!event.topic().equals(Topics.reports(said.site()))) {
      return ignore("OTHER_SITE");
    }
    return capabilities.declared(s, said);
  }

  private Uni<Void> console(Mutiny.Session s, InboundEvent event) {
    ConsoleTail tail = event.dataAs(json, ConsoleTail.class);
    if (!event.topic().equals(Topics.reports(tail.site()))) {
      return ignore("OTHER_SITE");
    }
    return consoles
        .keep(s, tail)
        .chain(kept -> kept ? Uni.createFrom().voidItem() : ignore("OTHER_RUN"));
  }

  private Uni<Void> ignore(String why) {
    meters.counter("gpucloud.reports.refused", "reason", why).increment();
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> judge(
      Mutiny.Session s,
      InstanceEntity instance,
      RunReport report,
      Moment now,
      AtomicReference<@Nullable Hint> hint) {
    return switch (Lifecycle.report(instance, report, now, config.bootRetries())) {
      case Verdict.Changes changed -> write(s, changed.change(), hint);
      case Verdict.Proof proof -> keepProof(s, instance, report, hint);
      case Verdict.Nothing nothing -> Uni.createFrom().voidItem();
      case Verdict.Refused refused -> lateProof(s, report, refused.why(), hint);
    };
  }

  private Uni<Void> write(Mutiny.Session s, Change change, AtomicReference<@Nullable Hint> hint) {
    BootFailure failure = change.bootFailure();
    if (failure != null) {
      signs.bootFailed(failure.host(), change.instance().siteId());
    }
    if (change.instance().retryDue()) {
      hint.set(new Hint.NotBooted(change.instance().id().value()));
    }
    Slot kept = change.kept();
    return kept == null
        ? changes.write(s, change)
        : changes.write(s, change).chain(() -> giveUp(s, change.instance(), kept, hint));
  }

  /** A resize took slices away, and they are scrubbed: the pool's owner frees what is not kept. */
  private static Uni<Void> giveUp(
      Mutiny.Session s, InstanceEntity instance, Slot kept, AtomicReference<@Nullable Hint> hint) {
    return Sql.rows(
            s,
            """
            update allocation set proof_at = ?2, keep_mask = ?3, keep_vcpus = ?4,
              keep_memory_gib = ?5
            where run_id = ?1 and state = 'HELD' returning id, pool_id""",
            instance.runId().value(),
            instance.updatedAt().atOffset(ZoneOffset.UTC),
            kept.mask(),
            kept.vcpus(),
            kept.memoryGib())
        .invoke(rows -> proven(rows, hint))
        .replaceWithVoid();
  }

  /** A proof for a run that its instance went on without: what it left behind may be freed. */
  private Uni<Void> lateProof(
      Mutiny.Session s, RunReport report, String why, AtomicReference<@Nullable Hint> hint) {
    if (!report.observed().equals(RunReport.RELEASED) || !report.scrubbed()) {
      return refuse(report, why);
    }
    return Sql.rows(
            s,
            """
            update allocation set proof_at = ?3
            where run_id = ?1 and host_id = ?2 and state in ('LEAVING', 'FENCED')
              and proof_at is null and pool_id like ?4 and coalesce(release_sequence, 0) <= ?5
            returning id, pool_id""",
            report.runId().value(),
            report.hostId().value(),
            report.at().atOffset(ZoneOffset.UTC),
            report.site() + "/%",
            report.orderSequence())
        .invoke(rows -> proven(rows, hint))
        .chain(rows -> rows.isEmpty() ? refuse(report, why) : Uni.createFrom().voidItem());
  }

  private static void proven(List<Object[]> rows, AtomicReference<@Nullable Hint> hint) {
    rows.forEach(row -> hint.set(new Hint.Proven((String) row[1], (UUID) row[0])));
  }

  private Uni<Void> keepProof(
      Mutiny.Session s,
      InstanceEntity instance,
      RunReport report,
      AtomicReference<@Nullable Hint> hint) {
    return Sql.rows(
            s,
            """
            update allocation set proof_at = ?3, keep_mask = null
            where tenant_id = ?1 and run_id = ?2 and host_id = ?4 and state <> 'RELEASED'
            returning id, pool_id""",
            instance.tenantId().value(),
            report.runId().value(),
            report.at().atOffset(ZoneOffset.UTC),
            report.hostId().value())
        .invoke(rows -> proven(rows, hint))
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
