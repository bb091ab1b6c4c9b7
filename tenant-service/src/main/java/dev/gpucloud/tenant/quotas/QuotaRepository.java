package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of quotas. Writers hold the tree's lock, so the rows themselves need none. */
@ApplicationScoped
public class QuotaRepository {
  public Uni<@Nullable QuotaEntity> find(Mutiny.Session session, QuotaScope scope, String model) {
    return session.find(QuotaEntity.class, QuotaEntity.Key.of(scope, model));
  }

  /** Where a page begins: after this row; empty texts and a null begin at the first. */
  record After(String model, @Nullable UUID scope, String site) {}

  /** Quotas of a tenant, or of one of its projects, in order of model, scope and site. */
  Uni<List<QuotaEntity>> page(
      Mutiny.Session session,
      TenantId tenant,
      @Nullable ProjectId project,
      After after,
      int limit) {
    var hql = new StringBuilder("from QuotaEntity where tenantId = :tenant");
    if (project != null) {
      hql.append(" and projectId = :project");
    }
    if (after.scope() != null) {
      hql.append(
          " and (model > :model or model = :model and (scopeId > :scope"
              + " or scopeId = :scope and site > :site))");
    }
    var query =
        session
            .createSelectionQuery(
                hql.append(" order by model, scopeId, site").toString(), QuotaEntity.class)
            .setParameter("tenant", tenant.value())
            .setMaxResults(limit);
    if (project != null) {
      query.setParameter("project", project.value());
    }
    if (after.scope() != null) {
      query
          .setParameter("model", after.model())
          .setParameter("scope", after.scope())
          .setParameter("site", after.site());
    }
    return query.getResultList();
  }

  /** Every quota there is, for rules that span the tree. */
  public Uni<List<QuotaEntity>> all(Mutiny.Session session) {
    return session
        .createSelectionQuery(
            "from QuotaEntity order by model, tenantId, scopeId, site", QuotaEntity.class)
        .getResultList();
  }

  /** The quotas of a tenant and of its projects. */
  Uni<List<QuotaEntity>> ofTenant(Mutiny.Session session, TenantId tenant) {
    return session
        .createSelectionQuery(
            "from QuotaEntity where tenantId = :tenant order by model, scopeId, site",
            QuotaEntity.class)
        .setParameter("tenant", tenant.value())
        .getResultList();
  }

  /** The quotas of every tenant and project for one model. */
  public Uni<List<QuotaEntity>> ofModel(Mutiny.Session session, String model) {
    return session
        .createSelectionQuery(
            "from QuotaEntity where model = :model order by tenantId, scopeId, site",
            QuotaEntity.class)
        .setParameter("model", model)
        .getResultList();
  }
}
