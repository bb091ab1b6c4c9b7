package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of quotas. Writers hold the tree's lock, so the rows themselves need none. */
@ApplicationScoped
public class QuotaRepository {
  public Uni<@Nullable QuotaEntity> find(Mutiny.Session session, TenantId tenant, String model) {
    return session.find(QuotaEntity.class, new QuotaEntity.Key(tenant.value(), model));
  }

  /** A tenant's quotas after a model in order of models. */
  public Uni<List<QuotaEntity>> page(
      Mutiny.Session session, TenantId tenant, String afterModel, int limit) {
    return session
        .createSelectionQuery(
            "from QuotaEntity where tenantId = :tenant and model > :after order by model",
            QuotaEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("after", afterModel)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Every quota there is, for rules that span the tree. */
  public Uni<List<QuotaEntity>> all(Mutiny.Session session) {
    return session
        .createSelectionQuery("from QuotaEntity order by model, tenantId", QuotaEntity.class)
        .getResultList();
  }

  /** The quotas of every tenant for one model. */
  public Uni<List<QuotaEntity>> ofModel(Mutiny.Session session, String model) {
    return session
        .createSelectionQuery(
            "from QuotaEntity where model = :model order by tenantId", QuotaEntity.class)
        .setParameter("model", model)
        .getResultList();
  }
}
