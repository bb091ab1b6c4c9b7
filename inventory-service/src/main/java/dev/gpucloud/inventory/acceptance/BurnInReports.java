package dev.gpucloud.inventory.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.acceptance.engine.BurnIn;
import dev.gpucloud.inventory.acceptance.engine.BurnIn.Limits;
import dev.gpucloud.inventory.acceptance.engine.BurnIn.Verdict;
import dev.gpucloud.inventory.discovery.Discrepancies.Subject;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.report.SiteReportHandler;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.PoisonEventException;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Takes in burn-ins. A report counts for the order that the host now waits to have answered, from
 * its own site; it is kept with the limits it was judged by. Who passes goes into service, who does
 * not is quarantined with what fell short.
 */
@ApplicationScoped
class BurnInReports implements SiteReportHandler {
  private static final Logger LOG = Logger.getLogger(BurnInReports.class);
  private static final String ACTOR = "site-agent";
  private static final int LONGEST_REASON = 500;

  private final ObjectMapper json;
  private final Acceptances acceptances;
  private final HostMoves moves;
  private final AcceptanceConfig config;
  private final MeterRegistry meters;

  BurnInReports(
      ObjectMapper json,
      Acceptances acceptances,
      HostMoves moves,
      AcceptanceConfig config,
      MeterRegistry meters) {
    this.json = json;
    this.acceptances = acceptances;
    this.moves = moves;
    this.config = config;
    this.meters = meters;
  }

  @Override
  public String type() {
    return EventTypes.HOST_BURNED_IN;
  }

  private record Waiting(String pool, String delivery, int gpus, Limits limits) {}

  @Override
  public Uni<Set<String>> accept(Mutiny.Session s, InboundEvent event) {
    BurnInReport report = checked(event.dataAs(json, BurnInReport.class));
    if (!event.topic().equals(Topics.reports(report.site()))) {
      return refuse(report, "OTHER_TOPIC");
    }
    return waiting(s, report)
        .chain(
            found ->
                found.isEmpty()
                    ? refuse(report, "NOT_ASKED_FOR")
                    : judge(s, found.getFirst(), report));
  }

  private static BurnInReport checked(BurnInReport report) {
    boolean complete =
        report.site() != null
            && report.hostId() != null
            && report.serial() != null
            && report.startedAt() != null
            && report.finishedAt() != null
            && report.gpus() != null
            && report.gpus().size() <= 64
            && report.gpus().stream()
                .allMatch(g -> g.gemmTflops() != null && g.memoryGbPerSecond() != null);
    if (!complete) {
      throw new PoisonEventException("a burn-in report lacks fields");
    }
    return report;
  }

  /** The host if it waits for exactly this answer, locked. */
  private Uni<List<Waiting>> waiting(Mutiny.Session s, BurnInReport report) {
    return Sql.rows(
            s,
            """
            select h.pool_id, h.delivery_id, h.gpus, m.min_gemm_tflops, m.min_memory_gb_per_second,
              m.min_nccl_bus_gb_per_second
            from host h join host_intake i on i.host_id = h.id join gpu_model m on m.id = h.model_id
            where h.id = ?1 and h.serial = ?2 and h.site_id = ?3 and h.state = 'ACCEPTING'
              and i.desired = 'BURNED_IN' and i.order_sequence = ?4
            for update of h, i""",
            report.hostId().value(),
            report.serial(),
            report.site(),
            report.orderSequence())
        .map(rows -> rows.stream().map(this::waiting).toList());
  }

  private Waiting waiting(Object[] r) {
    boolean own = r[3] != null && r[4] != null && r[5] != null;
    Limits limits =
        own
            ? new Limits((BigDecimal) r[3], (BigDecimal) r[4], (BigDecimal) r[5])
            : new Limits(
                config.minGemmTflops(),
                config.minMemoryGbPerSecond(),
                config.minNcclBusGbPerSecond());
    return new Waiting((String) r[0], (String) r[1], ((Number) r[2]).intValue(), limits);
  }

  private Uni<Set<String>> judge(Mutiny.Session s, Waiting host, BurnInReport report) {
    Verdict verdict = BurnIn.judge(host.limits(), report, host.gpus());
    meters.counter("gpucloud.burn.ins", "passed", String.valueOf(verdict.passed())).increment();
    return keep(s, host, report, verdict)
        .chain(() -> answered(s, report))
        .chain(() -> verdict.passed() ? pass(s, host, report) : fail(s, report, verdict))
        .replaceWith(Set.of(host.pool()));
  }

  private Uni<Void> pass(Mutiny.Session s, Waiting host, BurnInReport report) {
    Subject subject = new Subject(report.site(), report.serial(), report.hostId(), host.delivery());
    return acceptances
        .accept(s, report.hostId(), subject, new By(ACTOR, "BURN_IN_PASSED"))
        .replaceWithVoid();
  }

  private Uni<Void> fail(Mutiny.Session s, BurnInReport report, Verdict verdict) {
    String reason = "BURN_IN_FAILED: " + verdict.reason();
    return moves
        .move(
            s,
            report.hostId(),
            HostAction.QUARANTINE,
            new By(ACTOR, reason.substring(0, Math.min(LONGEST_REASON, reason.length()))))
        .replaceWithVoid();
  }

  private Uni<Void> keep(Mutiny.Session s, Waiting host, BurnInReport report, Verdict verdict) {
    return Sql.update(
            s,
            """
            insert into acceptance_report (id, host_id, order_sequence, passed, reason, started_at,
              finished_at, gpus, nccl_bus_gb_per_second, min_gemm_tflops, min_memory_gb_per_second,
              min_nccl_bus_gb_per_second)
            values (?1, ?2, ?3, ?4, cast(?5 as text), ?6, ?7, ?8,
              cast(cast(?9 as text) as numeric), ?10, ?11, ?12)""",
            Ids.next(),
            report.hostId().value(),
            report.orderSequence(),
            verdict.passed(),
            verdict.passed() ? null : verdict.reason(),
            report.startedAt().atOffset(ZoneOffset.UTC),
            report.finishedAt().atOffset(ZoneOffset.UTC),
            write(report),
            report.ncclBusGbPerSecond() == null ? null : report.ncclBusGbPerSecond().toString(),
            host.limits().gemmTflops(),
            host.limits().memoryGbPerSecond(),
            host.limits().ncclBusGbPerSecond())
        .replaceWithVoid();
  }

  private String write(BurnInReport report) {
    try {
      return json.writeValueAsString(report.gpus());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Uni<Void> answered(Mutiny.Session s, BurnInReport report) {
    return Sql.update(
            s, "update host_intake set desired = null where host_id = ?1", report.hostId().value())
        .replaceWithVoid();
  }

  private Uni<Set<String>> refuse(BurnInReport report, String why) {
    meters.counter("gpucloud.burn.ins.refused", "reason", why).increment();
    LOG.infof("refused burn-in of %s from %s: %s", report.serial(), report.site(), why);
    return Uni.createFrom().item(Set.of());
  }
}
