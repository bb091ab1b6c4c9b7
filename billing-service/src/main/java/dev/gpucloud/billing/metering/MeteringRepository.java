package dev.gpucloud.billing.metering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Raw events, and the runs and usage intervals tiled from them. */
@ApplicationScoped
class MeteringRepository {
  private static final String INSERT_EVENT =
      """
      insert into instance_event
        (tenant_id, instance_id, sequence, event_id, source, type, run_id, at, time, data)
      values (?1, ?2, ?3, ?4, ?5, ?6, cast(cast(?7 as text) as uuid), ?8, ?9,
              cast(cast(?10 as text) as jsonb))""";
  private static final String RUN_EVENTS =
      """
      select type, sequence, cast(data as text) from instance_event
      where run_id = ?1 and type in (
        'instance.started', 'instance.moved', 'instance.resized', 'instance.stopped')
      order by sequence""";
  private static final String UPSERT_RUN =
      """
      insert into run (tenant_id, run_id, instance_id, instance_name, started_at, ended_at,
                       end_reason, last_sequence)
      values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as timestamptz), cast(?7 as text), ?8)
      on conflict (run_id) do update set instance_name = excluded.instance_name,
        started_at = excluded.started_at, ended_at = excluded.ended_at,
        end_reason = excluded.end_reason, last_sequence = excluded.last_sequence""";
  private static final String INSERT_INTERVALS =
      """
      insert into usage_interval
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as i (
        "tenantId" uuid, "runId" uuid, ordinal int, "startAt" timestamptz, "endAt" timestamptz,
        "projectId" uuid, "projectSlug" text, "costCenter" text, "instanceType" text,
        "gpuModel" text, gpus int, "migProfile" text, site text, region text,
        "purchaseClass" text)""";

  private final ObjectMapper json;
  private final Rows rows;

  MeteringRepository(ObjectMapper json, Rows rows) {
    this.json = json;
    this.rows = rows;
  }

  /** Keeps the event as it came. */
  Uni<Void> keep(Mutiny.Session s, InboundEvent event, InstanceFact fact) {
    return Sql.update(
            s,
            INSERT_EVENT,
            fact.tenantId().value(),
            fact.instanceId().value(),
            event.sequence(),
            event.id(),
            event.source(),
            event.type(),
            fact.runId() == null ? null : fact.runId().value().toString(),
            Rows.param(fact.at()),
            Rows.param(event.time()),
            event.data().toString())
        .replaceWithVoid();
  }

  /** Tiles the run anew from all its events: the result depends on what is known, not on when. */
  Uni<Void> retile(Mutiny.Session s, InstanceFact latest, RunId runId) {
    return Rows.select(s, RUN_EVENTS, runId.value())
        .chain(
            found -> {
              List<Told> told = found.stream().map(this::told).toList();
              List<RunFact> facts = told.stream().map(Told::runFact).toList();
              Optional<RunUsage> run =
                  RunUsage.tile(runId, latest.instanceId(), latest.instanceName(), facts);
              return run.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : store(s, latest, run.get(), told.getLast());
            });
  }

  private record Told(String type, long sequence, InstanceFact fact) {
    RunFact runFact() {
      return MeteredEvent.runFact(type, sequence, fact);
    }
  }

  private Told told(Row row) {
    try {
      return new Told(row.text(0), row.number(1), json.readValue(row.text(2), InstanceFact.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Uni<Void> store(Mutiny.Session s, InstanceFact latest, RunUsage run, Told last) {
    UUID tenant = latest.tenantId().value();
    UUID runId = run.runId().value();
    return Sql.update(
            s,
            UPSERT_RUN,
            tenant,
            runId,
            run.instanceId().value(),
            run.instanceName(),
            Rows.param(run.start()),
            run.end() == null ? null : run.end().toString(),
            run.end() == null ? null : last.fact().reason(),
            last.sequence())
        .chain(() -> Sql.update(s, "delete from usage_interval where run_id = ?1", runId))
        .chain(
            () ->
                rows.writeAll(
                    s,
                    INSERT_INTERVALS,
                    IntStream.range(0, run.intervals().size())
                        .mapToObj(i -> IntervalRow.of(run, i))
                        .toList()));
  }

  /** A row of usage_interval, in the order of its columns. */
  record IntervalRow(
      UUID tenantId,
      UUID runId,
      int ordinal,
      Instant startAt,
      @Nullable Instant endAt,
      UUID projectId,
      String projectSlug,
      @Nullable String costCenter,
      String instanceType,
      String gpuModel,
      int gpus,
      @Nullable String migProfile,
      String site,
      String region,
      String purchaseClass) {

    static IntervalRow of(RunUsage run, int ordinal) {
      UsageInterval i = run.intervals().get(ordinal);
      return new IntervalRow(
          i.scope().tenantId().value(),
          run.runId().value(),
          ordinal,
          i.start(),
          i.end(),
          i.scope().projectId().value(),
          i.scope().projectSlug(),
          i.scope().costCenter(),
          i.shape().instanceType(),
          i.shape().gpuModel(),
          i.shape().gpus(),
          i.shape().migProfile(),
          i.shape().site(),
          i.shape().region(),
          i.shape().purchaseClass());
    }
  }
}
