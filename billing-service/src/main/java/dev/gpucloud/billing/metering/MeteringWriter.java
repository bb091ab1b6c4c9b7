package dev.gpucloud.billing.metering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.metering.InstanceEventConsumer.ToldEvent;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes raw events, and the runs and usage intervals tiled from them, with one statement for a
 * table and batch. A run is tiled anew from all its events: the result depends on what is known,
 * not on when it came.
 */
@ApplicationScoped
class MeteringWriter {
  private static final String INSERT_EVENTS =
      """
      insert into instance_event
        (tenant_id, instance_id, sequence, event_id, source, type, run_id, at, time, data)
      select u.tenant, u.instance, u.sequence, u.event, u.source, u.type, u.run, u.at, u.time,
             u.data::json
      from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                  $7::uuid[], $8::timestamptz[], $9::timestamptz[], $10::text[])
        u(tenant, instance, sequence, event, source, type, run, at, time, data)""";
  private static final String KNOWN_RUNS =
      "select run_id, ended_at from run where run_id = any ($1)";
  private static final String RUN_EVENTS =
      """
      select type, sequence, data::text from instance_event
      where run_id = any ($1) and type in (
        'instance.started', 'instance.moved', 'instance.resized', 'instance.stopped')
      order by run_id, sequence""";
  private static final String UPSERT_RUNS =
      """
      insert into run (tenant_id, run_id, instance_id, instance_name, started_at, ended_at,
                       end_reason, last_sequence)
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[],
                           $6::timestamptz[], $7::text[], $8::bigint[])
      on conflict (run_id) do update set instance_name = excluded.instance_name,
        started_at = excluded.started_at, ended_at = excluded.ended_at,
        end_reason = excluded.end_reason, last_sequence = excluded.last_sequence,
        first_ended_at = least(run.first_ended_at, run.ended_at, excluded.ended_at)""";
  private static final String DELETE_INTERVALS =
      "delete from usage_interval where run_id = any ($1)";
  private static final String INSERT_INTERVALS =
      """
      insert into usage_interval
      select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[],
        $5::timestamptz[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[],
        $11::int[], $12::text[], $13::text[], $14::text[], $15::text[])""";

  private final ObjectMapper json;

  MeteringWriter(ObjectMapper json) {
    this.json = json;
  }

  /** Keeps the events, in this order, and brings the runs they are about up to date. */
  Uni<Void> write(SqlConnection c, List<ToldEvent> events) {
    Map<RunId, List<Told>> runs = new LinkedHashMap<>();
    var marks = new UsageMarks();
    for (ToldEvent each : events) {
      marks.told(each);
      if (each.isMetered()) {
        runs.computeIfAbsent(Objects.requireNonNull(each.fact().runId()), r -> new ArrayList<>())
            .add(new Told(each.event().type(), each.event().sequence(), each.fact()));
      }
    }
    return insert(c, events)
        .chain(() -> runs.isEmpty() ? Uni.createFrom().voidItem() : tile(c, runs, marks))
        .chain(() -> marks.write(c));
  }

  /** A metered event of a run. */
  private record Told(String type, long sequence, InstanceFact fact) {
    RunFact runFact() {
      return MeteredEvent.runFact(type, sequence, fact);
    }
  }

  /** A run as it is now, with what ended it or was last told of it. */
  private record Tiled(RunUsage usage, Told last) {}

  private static Uni<Void> insert(SqlConnection c, List<ToldEvent> events) {
    var rows = new Columns<>(events);
    return c.preparedQuery(INSERT_EVENTS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(rows.uuids(e -> e.fact().tenantId().value()))
                .addArrayOfUUID(rows.uuids(e -> e.fact().instanceId().value()))
                .addArrayOfLong(rows.longs(e -> e.event().sequence()))
                .addArrayOfString(rows.texts(e -> e.event().id()))
                .addArrayOfString(rows.texts(e -> e.event().source()))
                .addArrayOfString(rows.texts(e -> e.event().type()))
                .addArrayOfUUID(
                    rows.uuids(e -> e.fact().runId() == null ? null : e.fact().runId().value()))
                .addArrayOfOffsetDateTime(rows.times(e -> e.fact().at()))
                .addArrayOfOffsetDateTime(rows.times(e -> e.event().time()))
                .addArrayOfString(rows.texts(e -> e.event().data())))
        .replaceWithVoid();
  }

  private Uni<Void> tile(SqlConnection c, Map<RunId, List<Told>> fresh, UsageMarks marks) {
    UUID[] ids = fresh.keySet().stream().map(RunId::value).toArray(UUID[]::new);
    return c.preparedQuery(KNOWN_RUNS)
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .chain(
            rows -> {
              Set<UUID> known = new HashSet<>();
              for (Row row : rows) {
                known.add(row.getUUID(0));
                if (row.getOffsetDateTime(1) != null) {
                  RunId run = new RunId(row.getUUID(0));
                  marks.ends(
                      Objects.requireNonNull(fresh.get(run)).getLast().fact().tenantId(),
                      row.getOffsetDateTime(1).toInstant());
                }
              }
              return known.isEmpty()
                  ? store(c, fresh, known, marks)
                  : allEvents(c, known)
                      .invoke(fresh::putAll)
                      .chain(() -> store(c, fresh, known, marks));
            });
  }

  /** Every event of runs that are known already, those of the batch among them. */
  private Uni<Map<RunId, List<Told>>> allEvents(SqlConnection c, Set<UUID> runs) {
    return c.preparedQuery(RUN_EVENTS)
        .execute(Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)))
        .map(
            rows -> {
              Map<RunId, List<Told>> all = new LinkedHashMap<>();
              for (Row row : rows) {
                Told told = told(row);
                all.computeIfAbsent(
                        Objects.requireNonNull(told.fact().runId()), r -> new ArrayList<>())
                    .add(told);
              }
              return all;
            });
  }

  private Told told(Row row) {
    try {
      return new Told(
          row.getString(0), row.getLong(1), json.readValue(row.getString(2), InstanceFact.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Uni<Void> store(
      SqlConnection c, Map<RunId, List<Told>> runs, Set<UUID> known, UsageMarks marks) {
    List<Tiled> tiled = new ArrayList<>();
    runs.forEach(
        (id, told) -> {
          Told last = told.getLast();
          RunUsage.tile(
                  id,
                  last.fact().instanceId(),
                  last.fact().instanceName(),
                  told.stream().map(Told::runFact).toList())
              .ifPresent(usage -> tiled.add(new Tiled(usage, last)));
        });
    if (tiled.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    for (Tiled each : tiled) {
      if (each.usage().end() != null) {
        marks.ends(each.last().fact().tenantId(), each.usage().end());
      }
    }
    return upsertRuns(c, tiled)
        .chain(
            () ->
                known.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : c.preparedQuery(DELETE_INTERVALS)
                        .execute(Tuple.tuple().addArrayOfUUID(known.toArray(UUID[]::new)))
                        .replaceWithVoid())
        .chain(() -> insertIntervals(c, tiled));
  }

  private static Uni<Void> upsertRuns(SqlConnection c, List<Tiled> tiled) {
    var rows = new Columns<>(tiled);
    return c.preparedQuery(UPSERT_RUNS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(rows.uuids(t -> t.last().fact().tenantId().value()))
                .addArrayOfUUID(rows.uuids(t -> t.usage().runId().value()))
                .addArrayOfUUID(rows.uuids(t -> t.usage().instanceId().value()))
                .addArrayOfString(rows.texts(t -> t.usage().instanceName()))
                .addArrayOfOffsetDateTime(rows.times(t -> t.usage().start()))
                .addArrayOfOffsetDateTime(rows.times(t -> t.usage().end()))
                .addArrayOfString(
                    rows.texts(t -> t.usage().end() == null ? null : t.last().fact().reason()))
                .addArrayOfLong(rows.longs(t -> t.last().sequence())))
        .replaceWithVoid();
  }

  private record Interval(RunId run, int ordinal, UsageInterval is) {}

  private static Uni<Void> insertIntervals(SqlConnection c, List<Tiled> tiled) {
    List<Interval> all = new ArrayList<>();
    for (Tiled each : tiled) {
      for (int i = 0; i < each.usage().intervals().size(); i++) {
        all.add(new Interval(each.usage().runId(), i, each.usage().intervals().get(i)));
      }
    }
    var rows = new Columns<>(all);
    return c.preparedQuery(INSERT_INTERVALS)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(rows.uuids(i -> i.is().scope().tenantId().value()))
                .addArrayOfUUID(rows.uuids(i -> i.run().value()))
                .addArrayOfInteger(rows.ints(Interval::ordinal))
                .addArrayOfOffsetDateTime(rows.times(i -> i.is().start()))
                .addArrayOfOffsetDateTime(rows.times(i -> i.is().end()))
                .addArrayOfUUID(rows.uuids(i -> i.is().scope().projectId().value()))
                .addArrayOfString(rows.texts(i -> i.is().scope().projectSlug()))
                .addArrayOfString(rows.texts(i -> i.is().scope().costCenter()))
                .addArrayOfString(rows.texts(i -> i.is().shape().instanceType()))
                .addArrayOfString(rows.texts(i -> i.is().shape().gpuModel()))
                .addArrayOfInteger(rows.ints(i -> i.is().shape().gpus()))
                .addArrayOfString(rows.texts(i -> i.is().shape().migProfile()))
                .addArrayOfString(rows.texts(i -> i.is().shape().site()))
                .addArrayOfString(rows.texts(i -> i.is().shape().region()))
                .addArrayOfString(rows.texts(i -> i.is().shape().purchaseClass())))
        .replaceWithVoid();
  }

  /** The columns of some rows, as arrays. */
  private record Columns<T>(List<T> rows) {
    UUID[] uuids(Function<T, @Nullable UUID> of) {
      return rows.stream().map(of).toArray(UUID[]::new);
    }

    String[] texts(Function<T, @Nullable String> of) {
      return rows.stream().map(of).toArray(String[]::new);
    }

    Long[] longs(Function<T, Long> of) {
      return rows.stream().map(of).toArray(Long[]::new);
    }

    Integer[] ints(Function<T, Integer> of) {
      return rows.stream().map(of).toArray(Integer[]::new);
    }

    OffsetDateTime[] times(Function<T, @Nullable Instant> of) {
      return rows.stream()
          .map(of)
          .map(at -> at == null ? null : at.atOffset(ZoneOffset.UTC))
          .toArray(OffsetDateTime[]::new);
    }
  }
}
