package dev.gpucloud.billing.rating;

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
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads runs with their intervals. */
@ApplicationScoped
public class UsageRepository {
  private static final String RUNS =
      """
      select cast(r.run_id as text), cast(r.instance_id as text), r.instance_name,
             millis(r.ended_at), millis(i.start_at), millis(i.end_at), cast(i.tenant_id as text),
             cast(i.project_id as text), i.project_slug, i.cost_center, i.instance_type,
             i.gpu_model, i.gpus, i.mig_profile, i.site, i.region, i.purchase_class
      from run r join usage_interval i on i.run_id = r.run_id
      where r.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and r.started_at < ?3 and coalesce(r.ended_at, 'infinity') >= ?2
      order by r.started_at, r.run_id, i.ordinal""";

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

  private static List<RunUsage> cut(List<RunUsage> runs, List<Row> lastSeen) {
    var ends = new HashMap<RunId, Instant>();
    lastSeen.forEach(r -> ends.put(new RunId(r.uuid(0)), RunUsage.estimatedEnd(r.instant(1))));
    return runs.stream()
        .map(run -> ends.containsKey(run.runId()) ? run.endedAt(ends.get(run.runId())) : run)
        .toList();
  }

  private static List<RunUsage> runs(List<Row> rows) {
    var byRun = new LinkedHashMap<String, List<Row>>();
    rows.forEach(r -> byRun.computeIfAbsent(r.text(0), k -> new ArrayList<>()).add(r));
    return byRun.values().stream().map(UsageRepository::run).toList();
  }

  private static RunUsage run(List<Row> rows) {
    Row first = rows.getFirst();
    return new RunUsage(
        new RunId(first.uuid(0)),
        new InstanceId(first.uuid(1)),
        first.text(2),
        rows.stream().map(UsageRepository::interval).toList(),
        first.instantOrNull(3));
  }

  private static UsageInterval interval(Row r) {
    var scope =
        new Scope(new TenantId(r.uuid(6)), new ProjectId(r.uuid(7)), r.text(8), r.textOrNull(9));
    var shape =
        new Shape(
            r.text(10),
            r.text(11),
            (int) r.number(12),
            r.textOrNull(13),
            r.text(14),
            r.text(15),
            r.text(16));
    return new UsageInterval(r.instant(4), r.instantOrNull(5), scope, shape);
  }
}
