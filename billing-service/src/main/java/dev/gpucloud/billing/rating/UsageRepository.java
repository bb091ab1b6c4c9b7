package dev.gpucloud.billing.rating;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads runs with their intervals. */
@ApplicationScoped
public class UsageRepository {
  /**
   * A row an interval, found by its run however long the history is. Who used what is one text:
   * many intervals have it in common.
   */
  private static final String INTERVALS =
      """
      select r.run_id, r.instance_id, r.instance_name, r.ended_at, i.start_at, i.end_at, i.used
      from run r
        cross join lateral (
          select i.start_at, i.end_at, i.ordinal,
                 concat(i.tenant_id, chr(31), i.project_id, chr(31), i.project_slug, chr(31),
                        i.instance_type, chr(31), i.gpu_model, chr(31), i.gpus, chr(31),
                        i.mig_profile, chr(31), i.site, chr(31), i.region, chr(31),
                        i.purchase_class, chr(31), '+' || i.cost_center) as used
          from usage_interval i where i.run_id = r.run_id offset 0) i
      """;

  private static final String RUNS =
      INTERVALS
          + """
          where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
            and r.started_at < ?3 and coalesce(r.ended_at, 'infinity') >= ?2
          order by r.started_at, r.run_id, i.ordinal""";

  /**
   * Parameters: tenants, the month's start and end, and days that are left out, by tenant and day.
   * Found end by end: the planner would read all of the month.
   */
  private static final String OUTSIDE =
      """
      with t as materialized (
        select * from unnest(cast(string_to_array(?1, ',') as uuid[])) as t (tenant_id)),
      days as materialized (
        select t.tenant_id, d.at at time zone 'Asia/Seoul' as after_at,
               (d.at + interval '1 day') at time zone 'Asia/Seoul' as through_at
        from t cross join generate_series(
          cast(?2 as timestamptz) at time zone 'Asia/Seoul',
          (cast(?3 as timestamptz) - interval '1 day') at time zone 'Asia/Seoul',
          interval '1 day') as d (at)
        where (t.tenant_id, cast(d.at as date)) not in (
          select * from unnest(cast(string_to_array(?4, ',') as uuid[]),
                               cast(string_to_array(?5, ',') as date[]))))
      """;

  private static final String RUNS_OUTSIDE =
      OUTSIDE
          + """
      select r.run_id from days d cross join lateral (
        select run_id from run
        where tenant_id = d.tenant_id and coalesce(ended_at, 'infinity') > d.after_at
          and coalesce(ended_at, 'infinity') <= d.through_at offset 0) r
      union all
      select r.run_id from t cross join lateral (
        select run_id from run
        where tenant_id = t.tenant_id and coalesce(ended_at, 'infinity') = ?2 offset 0) r
      union all
      select r.run_id from t cross join lateral (
        select run_id from run
        where tenant_id = t.tenant_id and coalesce(ended_at, 'infinity') > ?3
          and started_at < ?3 offset 0) r""";

  private static final String STRAYS =
      OUTSIDE
          + """
          select distinct e.run_id from days d cross join lateral (
            select run_id from instance_event
            where tenant_id = d.tenant_id and at > d.after_at and at <= d.through_at
              and type in ('instance.started', 'instance.stopped') and run_id is not null
            offset 0) e
          where not exists (select from run r where r.run_id = e.run_id)""";

  private static final String OF_RUNS =
      INTERVALS
          + """
          where r.run_id = any (cast(string_to_array(?1, ',') as uuid[]))
          order by r.started_at, r.run_id, i.ordinal""";

  private static final Pattern SEPARATOR = Pattern.compile("\u001f");
  private static final int COLUMNS_OF_USE = 11;

  private static final String LAST_SEEN =
      """
      select cast(r.run_id as text), millis(coalesce(h.alive_through, r.started_at))
      from run r left join run_heartbeat h on h.run_id = r.run_id
      where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and r.ended_at is null and coalesce(r.ended_at, 'infinity') = 'infinity'
        and r.started_at < ?2
        and (h.alive_through is null or h.alive_through < ?2)""";

  /** The tenants' runs that were alive in {@code [from, to)} or ended just at its start. */
  public Uni<List<RunUsage>> runs(
      Mutiny.Session s, Collection<UUID> tenants, Instant from, Instant to) {
    return Rows.select(s, RUNS, Rows.param(tenants), Rows.param(from), Rows.param(to))
        .map(UsageRepository::runs);
  }

  /**
   * As {@link #runs} for a window that is over: an open run that was not seen alive through its end
   * counts up to its last sign of life, which the close checklist shows and two persons let pass.
   */
  public Uni<List<RunUsage>> provenRuns(
      Mutiny.Session s, Collection<UUID> tenants, Instant from, Instant to) {
    return runs(s, tenants, from, to)
        .chain(
            runs ->
                Rows.select(s, LAST_SEEN, Rows.param(tenants), Rows.param(to))
                    .map(rows -> cut(runs, rows)));
  }

  /**
   * Those of the tenants' runs that count in a month and did not end on one of some days of it, by
   * their ids.
   */
  public Uni<List<UUID>> outside(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month, List<BookedDay> days) {
    return ids(s, RUNS_OUTSIDE, tenants, month, days);
  }

  /**
   * Runs that events tell of on other days of a month than some, and that metering does not know.
   */
  public Uni<List<UUID>> strays(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month, List<BookedDay> days) {
    return ids(s, STRAYS, tenants, month, days);
  }

  private static Uni<List<UUID>> ids(
      Mutiny.Session s,
      String sql,
      Collection<UUID> tenants,
      BillingMonth month,
      List<BookedDay> days) {
    Object[] given = BookedDayRepository.params(days);
    return tenants.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                sql,
                Rows.param(tenants),
                Rows.param(month.start()),
                Rows.param(month.end()),
                given[0],
                given[1])
            .map(rows -> rows.stream().map(r -> r.uuid(0)).toList());
  }

  /** As {@link #provenRuns}, of the runs that did not end on one of some days. */
  public Uni<List<RunUsage>> provenRunsOutside(
      Mutiny.Session s, Collection<UUID> tenants, BillingMonth month, List<BookedDay> days) {
    return outside(s, tenants, month, days)
        .chain(
            ids ->
                ids.isEmpty()
                    ? Uni.createFrom().item(List.<RunUsage>of())
                    : runs(s, ids)
                        .chain(
                            runs ->
                                Rows.select(
                                        s, LAST_SEEN, Rows.param(tenants), Rows.param(month.end()))
                                    .map(rows -> cut(runs, rows))));
  }

  /** Runs by their ids. */
  public Uni<List<RunUsage>> runs(Mutiny.Session s, Collection<UUID> ids) {
    return Rows.select(s, OF_RUNS, Rows.param(ids)).map(UsageRepository::runs);
  }

  private static List<RunUsage> cut(List<RunUsage> runs, List<Row> lastSeen) {
    var signs = new HashMap<RunId, Instant>();
    lastSeen.forEach(r -> signs.put(new RunId(r.uuid(0)), r.instant(1)));
    return runs.stream()
        .map(run -> signs.containsKey(run.runId()) ? run.lostAfter(signs.get(run.runId())) : run)
        .toList();
  }

  private static List<RunUsage> runs(List<Row> rows) {
    Map<String, Use> uses = new HashMap<>();
    var byRun = new LinkedHashMap<UUID, List<Row>>();
    rows.forEach(r -> byRun.computeIfAbsent(r.uuid(0), k -> new ArrayList<>(1)).add(r));
    return byRun.values().stream().map(of -> run(of, uses)).toList();
  }

  private static RunUsage run(List<Row> rows, Map<String, Use> uses) {
    Row first = rows.getFirst();
    return new RunUsage(
        new RunId(first.uuid(0)),
        new InstanceId(first.uuid(1)),
        first.text(2),
        rows.stream().map(r -> interval(r, uses)).toList(),
        first.instantOrNull(3),
        null);
  }

  private static UsageInterval interval(Row r, Map<String, Use> uses) {
    Use use = uses.computeIfAbsent(r.text(6), Use::of);
    return new UsageInterval(r.instant(4), r.instantOrNull(5), use.scope(), use.shape());
  }

  /** Who used what. */
  private record Use(Scope scope, Shape shape) {
    static Use of(String text) {
      String[] c = SEPARATOR.split(text, COLUMNS_OF_USE);
      var scope =
          new Scope(
              new TenantId(UUID.fromString(c[0])),
              new ProjectId(UUID.fromString(c[1])),
              c[2],
              c[10].isEmpty() ? null : c[10].substring(1));
      var shape =
          new Shape(
              c[3], c[4], Integer.parseInt(c[5]), c[6].isEmpty() ? null : c[6], c[7], c[8], c[9]);
      return new Use(scope, shape);
    }
  }
}
