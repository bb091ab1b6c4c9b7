package dev.gpucloud.inventory.quota;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.placement.Outcome.OverQuota;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads limits and usage. The writer enforces them in its own transaction. */
@ApplicationScoped
public class QuotaService {
  private static final String WITH_ANCESTORS =
      """
      with recursive up as (
        select t.tenant_id, t.parent_id, t.fact->>'kind' as kind, 1 as depth
        from tenant_ref t where t.tenant_id = ?1
        union all
        select p.tenant_id, p.parent_id, p.fact->>'kind', up.depth + 1
        from up join tenant_ref p on p.tenant_id = up.parent_id where up.depth < 16
      )
      select coalesce(u.used_slices, 0), l.tenant_id is not null, l.limit_gpus, up.kind, up.depth
      from up
      left join quota_usage u on u.tenant_id = up.tenant_id and u.model_id = ?2
      left join quota_limit l on l.tenant_id = up.tenant_id and l.model_id = ?2
      order by up.depth""";
  private static final String OF_TENANT =
      """
      select m.id, coalesce(u.used_slices, 0), l.tenant_id is not null, l.limit_gpus, l.version
      from gpu_model m
      left join quota_usage u on u.model_id = m.id and u.tenant_id = ?1
      left join quota_limit l on l.model_id = m.id and l.tenant_id = ?1
      where u.tenant_id is not null or l.tenant_id is not null
      order by m.id""";

  private final Transactions transactions;

  QuotaService(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Which limit would refuse so many slices now, if any. */
  public Uni<Optional<OverQuota>> check(TenantId tenant, String model, int slices) {
    return transactions
        .asSystem(s -> Sql.rows(s, WITH_ANCESTORS, tenant.value(), model))
        .map(rows -> firstExceeded(rows, slices));
  }

  private static Optional<OverQuota> firstExceeded(List<Object[]> rows, int slices) {
    for (Object[] row : rows) {
      long used = ((Number) row[0]).longValue();
      boolean group = "GROUP".equals(row[3]);
      long limit = QuotaLimit.slices((Boolean) row[1], integer(row[2]), group);
      if (used + slices > limit) {
        boolean ofAncestor = ((Number) row[4]).intValue() > 1;
        return Optional.of(new OverQuota(limit, used, slices, ofAncestor));
      }
    }
    return Optional.empty();
  }

  /** What a tenant holds of each model against its limit. */
  Uni<List<QuotaUsageView>> usage(Mutiny.Session s, TenantId tenant, boolean group) {
    return Sql.rows(s, OF_TENANT, tenant.value())
        .map(rows -> rows.stream().map(row -> view(row, group)).toList());
  }

  private static QuotaUsageView view(Object[] row, boolean group) {
    boolean published = (Boolean) row[2];
    Integer limit = integer(row[3]);
    return new QuotaUsageView(
        (String) row[0],
        published ? limit : group ? null : Integer.valueOf(0),
        GpuCount.ofSlices(((Number) row[1]).longValue()),
        ((Number) row[1]).longValue(),
        row[4] == null ? 0 : ((Number) row[4]).longValue());
  }

  private static @Nullable Integer integer(@Nullable Object number) {
    return number == null ? null : ((Number) number).intValue();
  }
}
