package dev.gpucloud.inventory.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.GpuFault;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.faults.engine.Breaker;
import dev.gpucloud.inventory.faults.engine.FaultAction;
import dev.gpucloud.inventory.faults.engine.FaultDecision;
import dev.gpucloud.inventory.faults.engine.FaultDecision.Situation;
import dev.gpucloud.inventory.faults.engine.FaultRule;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.fleet.engine.HostState;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.PoisonEventException;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes in faults and does what their codes ask for. The same fault counts once however often it is
 * reported, and one from before its host was declared good counts no more, so that replays and late
 * reports do no harm. One that is not of the topic's own site is a dead letter.
 */
@ApplicationScoped
public class Faults {
  private static final Logger LOG = Logger.getLogger(Faults.class);
  private static final int LONGEST_MESSAGE = 500;

  private final HostMoves moves;
  private final SiteBreakers breakers;
  private final FaultConfig config;
  private final ObjectMapper json;
  private final MeterRegistry meters;

  Faults(
      HostMoves moves,
      SiteBreakers breakers,
      FaultConfig config,
      ObjectMapper json,
      MeterRegistry meters) {
    this.moves = moves;
    this.breakers = breakers;
    this.config = config;
    this.json = json;
    this.meters = meters;
  }

  /** The host that a fault hit, locked; whether the fault is old news and its GPU out already. */
  private record Hit(
      String name, String pool, HostState state, int gpus, boolean stale, boolean gpuOut) {}

  /** Takes in one report; answers the pool whose room changed, if any. */
  public Uni<Optional<String>> take(Mutiny.Session s, InboundEvent event) {
    GpuFault fault = event.dataAs(json, GpuFault.class);
    if (!event.topic().equals(Topics.reports(fault.site()))) {
      throw refused(fault, "OTHER_SITE");
    }
    Integer gpu = fault.gpu();
    if (fault.xid() < 1 || fault.xid() > 9999 || gpu != null && (gpu < 0 || gpu > 7)) {
      throw refused(fault, "OUT_OF_RANGE");
    }
    return hit(s, fault)
        .chain(hit -> Policies.rule(s, fault.xid()).chain(rule -> act(s, fault, hit, rule)));
  }

  private PoisonEventException refused(GpuFault fault, String why) {
    meters.counter("gpucloud.faults.refused", "reason", why).increment();
    LOG.warnf("refused fault %d of %s from %s: %s", fault.xid(), fault.hostId(), fault.site(), why);
    return new PoisonEventException("fault of host " + fault.hostId() + " refused: " + why);
  }

  private Uni<Hit> hit(Mutiny.Session s, GpuFault fault) {
    Integer gpu = fault.gpu();
    return Sql.rows(
            s,
            """
            select name, pool_id, state, state_before, gpus, site_id,
              coalesce(faults_cleared_at > ?2, false) as stale,
              coalesce((bad_mask >> (8 * cast(?3 as int))) & 255 <> 0, false) as gpu_out
            from host where id = ?1 for update""",
            fault.hostId().value(),
            fault.loggedAt().atOffset(ZoneOffset.UTC),
            gpu == null ? -1 : gpu)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw refused(fault, "UNKNOWN_HOST");
              }
              Object[] row = rows.getFirst();
              if (!fault.site().equals(row[5])) {
                throw refused(fault, "OTHER_SITE");
              }
              int gpus = ((Number) row[4]).intValue();
              if (gpu != null && gpu >= gpus) {
                throw refused(fault, "UNKNOWN_GPU");
              }
              return new Hit(
                  (String) row[0],
                  (String) row[1],
                  HostState.of((String) row[2], (String) row[3]),
                  gpus,
                  (Boolean) row[6],
                  gpu != null && (Boolean) row[7]);
            });
  }

  private Uni<Optional<String>> act(Mutiny.Session s, GpuFault fault, Hit hit, FaultRule rule) {
    boolean acts =
        rule.action() == FaultAction.DRAIN_GPU || rule.action() == FaultAction.QUARANTINE_HOST;
    return known(s, fault)
        .chain(
            known -> {
              if (known) {
                count(fault, rule, "DUPLICATE");
                return Uni.createFrom().item(Optional.empty());
              }
              return acts ? decide(s, fault, hit, rule) : keep(s, fault, hit, rule);
            });
  }

  private static Uni<Boolean> known(Mutiny.Session s, GpuFault fault) {
    Integer gpu = fault.gpu();
    return Sql.rows(
            s,
            """
            select id, xid from gpu_fault
            where host_id = ?1 and gpu is not distinct from cast(cast(?2 as text) as int)
              and xid = ?3 and logged_at = ?4""",
            fault.hostId().value(),
            gpu == null ? null : gpu.toString(),
            fault.xid(),
            fault.loggedAt().atOffset(ZoneOffset.UTC))
        .map(rows -> !rows.isEmpty());
  }

  private Uni<Optional<String>> keep(Mutiny.Session s, GpuFault fault, Hit hit, FaultRule rule) {
    Situation situation = situation(fault, hit, rule);
    FaultDecision decision =
        FaultDecision.of(situation, breakers.breaker(), new Breaker.Reading(false, 0, 0));
    return Sql.rows(
            s,
            """
            select count(*) as kept from gpu_fault
            where host_id = ?1 and recorded_at > now() - interval '1 hour'""",
            fault.hostId().value())
        .chain(
            rows -> {
              if (((Number) rows.getFirst()[0]).longValue() >= config.keptPerHostAndHour()) {
                count(fault, rule, "FLOOD");
                return Uni.createFrom().voidItem();
              }
              return record(s, fault, hit, rule, decision);
            })
        .replaceWith(Optional.empty());
  }

  private Uni<Optional<String>> decide(Mutiny.Session s, GpuFault fault, Hit hit, FaultRule rule) {
    return breakers
        .lock(s, fault.site())
        .map(site -> FaultDecision.of(situation(fault, hit, rule), breakers.breaker(), site))
        .call(decision -> record(s, fault, hit, rule, decision))
        .chain(
            decision ->
                carryOut(s, fault, rule, decision)
                    .map(changed -> changed ? Optional.of(hit.pool()) : Optional.empty()));
  }

  private static Situation situation(GpuFault fault, Hit hit, FaultRule rule) {
    return new Situation(
        rule.action(), hit.stale(), hit.state(), fault.gpu() != null, hit.gpuOut());
  }

  /** Whether the pool's room changed. */
  private Uni<Boolean> carryOut(
      Mutiny.Session s, GpuFault fault, FaultRule rule, FaultDecision decision) {
    By by = new By(Lifecycle.AGENT, "XID " + fault.xid() + ": " + rule.reason());
    return switch (decision) {
      case HOST_QUARANTINED ->
          moves.tryMove(s, fault.hostId(), HostAction.QUARANTINE, by).replaceWith(true);
      case GPU_DRAINED -> drain(s, fault, by).replaceWith(true);
      case BREAKER_OPENED -> {
        LOG.errorf(
            "faults of site %s take out more than is believable: they are only recorded until the"
                + " breaker is reset",
            fault.site());
        yield breakers.open(s, fault.site()).replaceWith(false);
      }
      case IGNORED, WATCHED, STALE, ALREADY_OUT, BREAKER_OPEN -> Uni.createFrom().item(false);
    };
  }

  private Uni<Void> drain(Mutiny.Session s, GpuFault fault, By by) {
    Integer gpu = fault.gpu();
    return Sql.update(
            s,
            """
            update host set version = version + 1,
              bad_mask = bad_mask | (full_mask & (cast(255 as bigint) << (8 * ?2)))
            where id = ?1""",
            fault.hostId().value(),
            gpu == null ? 0 : gpu)
        .chain(
            () ->
                moves.note(
                    s, fault.hostId(), new By(by.actor(), "GPU " + gpu + ", " + by.reason())));
  }

  private Uni<Void> record(
      Mutiny.Session s, GpuFault fault, Hit hit, FaultRule rule, FaultDecision decision) {
    count(fault, rule, decision.name());
    Integer gpu = fault.gpu();
    return Sql.update(
            s,
            """
            insert into gpu_fault (id, host_id, host_name, site_id, gpu, xid, at, message, action,
              decision, reason, logged_at)
            values (?1, ?2, ?3, ?4, cast(cast(?5 as text) as int), ?6, ?7, cast(?8 as text), ?9,
              ?10, ?11, ?12)""",
            Ids.next(),
            fault.hostId().value(),
            hit.name(),
            fault.site(),
            gpu == null ? null : gpu.toString(),
            fault.xid(),
            fault.at().atOffset(ZoneOffset.UTC),
            cut(fault.message()),
            rule.action().name(),
            decision.name(),
            rule.reason(),
            fault.loggedAt().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  private static @Nullable String cut(@Nullable String message) {
    return message == null || message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE);
  }

  private void count(GpuFault fault, FaultRule rule, String decision) {
    meters
        .counter(
            "gpucloud.faults",
            "site",
            fault.site(),
            "action",
            rule.action().name(),
            "decision",
            decision)
        .increment();
  }
}
