package dev.gpucloud.inventory.quota;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads limits and usage. The writer enforces them in its own transaction. */
@ApplicationScoped
public class QuotaService {
  private static final String WITH_ANCESTORS =
      """
      with recursive up as (
        select t.tenant_id, t.parent_id, t.fact->>'kind' as kind, 1 as place
        from tenant_ref t where t.tenant_id = ?1
        union all
        select p.tenant_id, p.parent_id, p.fact->>'kind', up.place + 1
        from up join tenant_ref p on p.tenant_id = up.parent_id where up.place < 16
      ), scope as (
        select cast(?2 as uuid) as id, 'PROJECT' as kind, 0 as place
        union all select tenant_id, kind, place from up
      )
      select s.id, s.kind, w.site, coalesce(u.used_slices, 0), u.limit_version is not null,
        u.ceiling_gpus, u.budget_gpu_hours, u.budget_used_seconds, u.budget_ends_at
      from scope s
      cross join lateral (
        select '' as site
        union select o.site from quota_usage o where o.scope_id = s.id and o.model_id = ?3
      ) w
      left join quota_usage u on u.scope_id = s.id and u.model_id = ?3 and u.site = w.site
      order by s.place""";
  private static final String OF_TENANT =
      """
      select u.model_id, coalesce(cast(u.project_id as text), ''), coalesce(p.slug, ''), u.site,
        u.used_slices, u.limit_version, u.limit_gpus, u.guaranteed_gpus, u.borrow_limit_gpus,
        u.budget_ends_at
      from quota_usage u left join project_ref p on p.project_id = u.project_id
      where u.tenant_id = ?1
        and (u.used_slices > 0 or u.limit_version is not null)
        and (?2 = '' or u.model_id = ?2) and (?3 = '' or u.site = ?3)
        and (?4 = '' or p.slug = ?4 or 'prj_' || u.project_id = ?4)
        and (u.model_id, coalesce(cast(u.project_id as text), ''), u.site) > (?5, ?6, ?7)
      order by 1, 2, 4 limit ?8""";

  private final Transactions transactions;
  private final InstantSource clock;

  QuotaService(Transactions transactions, @Business InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** What the project, its tenant and those above it have left of a model now. */
  public Uni<QuotaRoom> room(TenantId tenant, ProjectId project, String model) {
    return transactions
        .asSystem(s -> Sql.rows(s, WITH_ANCESTORS, tenant.value(), project.value(), model))
        .map(rows -> QuotaRoom.of(model, rows, clock.instant()));
  }

  /** Which lines of a tenant a list shows; null is all. */
  record Filter(@Nullable String model, @Nullable String site, @Nullable String project) {}

  /** What a tenant holds of each model against its limits, its projects' and sites' included. */
  Uni<Page<QuotaUsageView>> usage(
      Mutiny.Session s, TenantId tenant, boolean group, Filter filter, PageRequest page) {
    Map<String, String> after = page.after();
    return Sql.rows(
            s,
            OF_TENANT,
            tenant.value(),
            text(filter.model()),
            text(filter.site()),
            text(filter.project()),
            after.getOrDefault("model", ""),
            after.getOrDefault("project", ""),
            after.getOrDefault("site", ""),
            page.limit())
        .map(
            rows ->
                page.page(
                    rows,
                    row -> QuotaUsageView.of(row, group, clock.instant()),
                    row ->
                        Map.of(
                            "model", (String) row[0],
                            "project", (String) row[1],
                            "site", (String) row[3])));
  }

  /** When the growth that a used-up budget stops goes on; null when nothing stops it now. */
  static @Nullable Instant stoppedUntil(@Nullable Object column, Instant now) {
    Instant ends = column instanceof OffsetDateTime time ? time.toInstant() : (Instant) column;
    return ends != null && ends.isAfter(now) ? ends : null;
  }

  private static String text(@Nullable String filter) {
    return filter == null ? "" : filter;
  }
}
