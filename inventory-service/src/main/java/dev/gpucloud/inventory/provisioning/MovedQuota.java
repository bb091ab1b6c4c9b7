package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.quota.GpuCount;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Counts what a moved instance holds at its new project instead of its old one, in the move's own
 * transaction; tenant and ancestors count it as before. Rows are locked in the order in which the
 * allocation writer locks them.
 */
final class MovedQuota {
  private static final String HELD =
      """
      select p.model_id, p.site_id, bit_count(cast(a.mask as bit(64)))
      from allocation a join pool p on p.id = a.pool_id
      where a.run_id = ?1 and a.state = 'HELD' and ?2 = any(a.quota_of)""";
  private static final String OPEN =
      """
      insert into quota_usage (tenant_id, project_id, model_id, site)
      select cast(?1 as uuid), cast(?2 as uuid), ?3, s from (values (''), (cast(?4 as text))) w(s)
      order by s on conflict do nothing""";
  private static final String LOCK =
      """
      select scope_id, site, used_slices, limit_gpus from quota_usage
      where scope_id in (?1, ?2) and model_id = ?3 and site in ('', ?4)
      order by scope_id, model_id, site for update""";
  private static final String SHIFT =
      """
      update quota_usage set used_slices = used_slices
        + case when scope_id = ?2 then cast(?5 as bigint) else -cast(?5 as bigint) end
      where scope_id in (?1, ?2) and model_id = ?3 and site in ('', ?4)""";
  private static final String NAME =
      """
      update allocation set quota_of = array_replace(quota_of, ?2, ?3)
      where run_id = ?1 and state <> 'RELEASED'""";

  private MovedQuota() {}

  /**
   * Under the system's role; fails with QUOTA_EXCEEDED when the new project's quota is too small.
   */
  static Uni<Void> shift(Mutiny.Session s, InstanceEntity i, ProjectId to) {
    UUID from = i.projectId().value();
    return Sql.rows(s, HELD, i.runId().value(), from)
        .chain(
            held ->
                held.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : shift(s, i, to.value(), held.getFirst()));
  }

  private static Uni<Void> shift(Mutiny.Session s, InstanceEntity i, UUID to, Object[] held) {
    UUID from = i.projectId().value();
    String model = (String) held[0];
    String site = (String) held[1];
    long slices = ((Number) held[2]).longValue();
    return Sql.update(s, OPEN, i.tenantId().value().toString(), to.toString(), model, site)
        .chain(() -> Sql.rows(s, LOCK, from, to, model, site))
        .invoke(rows -> check(rows, to, model, slices))
        .chain(() -> Sql.update(s, SHIFT, from, to, model, site, slices))
        .chain(() -> Sql.update(s, NAME, i.runId().value(), from, to))
        .replaceWithVoid();
  }

  private static void check(List<Object[]> rows, UUID to, String model, long slices) {
    for (Object[] row : rows) {
      if (!to.equals(row[0]) || row[3] == null) {
        continue;
      }
      long limit = ((Number) row[3]).longValue() * 8;
      long used = ((Number) row[2]).longValue();
      if (used + slices > limit) {
        throw ProblemType.QUOTA_EXCEEDED
            .because(
                "The quota of the project for %s is %s GPUs; %s are used and %s would be moved."
                    .formatted(
                        model,
                        GpuCount.ofSlices(limit),
                        GpuCount.ofSlices(used),
                        GpuCount.ofSlices(slices)))
            .at("/project", "has no quota for the instance")
            .with("model", model)
            .with("scope", "PROJECT")
            .with("limit", GpuCount.ofSlices(limit))
            .with("used", GpuCount.ofSlices(used))
            .with("asked", GpuCount.ofSlices(slices));
      }
    }
  }
}
