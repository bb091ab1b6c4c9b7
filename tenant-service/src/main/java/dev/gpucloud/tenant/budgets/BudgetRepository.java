package dev.gpucloud.tenant.budgets;

import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of budgets. Who changes one holds its lock. */
@ApplicationScoped
class BudgetRepository {
  private static final UUID FIRST = new UUID(0, 0);

  Uni<@Nullable BudgetEntity> lock(Mutiny.Session session, BudgetEntity.Key key) {
    return session.find(BudgetEntity.class, key, LockModeType.PESSIMISTIC_WRITE);
  }

  /** Budgets of a tenant and its projects after one, in order of model and scope. */
  Uni<List<BudgetEntity>> page(
      Mutiny.Session session, TenantId tenant, BudgetEntity.Key after, int limit) {
    return session
        .createSelectionQuery(
            "from BudgetEntity where tenantId = :tenant and (model > :model"
                + " or model = :model and scopeId > :scope) order by model, scopeId",
            BudgetEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("model", after.model())
        .setParameter("scope", after.scopeId())
        .setMaxResults(limit)
        .getResultList();
  }

  /** Budgets that bind, after one in order of their keys, locked but for those others hold. */
  Uni<List<BudgetEntity>> lockNext(
      Mutiny.Session session, BudgetEntity.@Nullable Key after, int limit) {
    return session
        .createNativeQuery(
            """
            select * from gpu_budget
            where limit_gpu_hours is not null and (scope_id, model) > (:scope, :model)
            order by scope_id, model limit :most for update skip locked""",
            BudgetEntity.class)
        .setParameter("scope", after == null ? FIRST : after.scopeId())
        .setParameter("model", after == null ? "" : after.model())
        .setParameter("most", limit)
        .getResultList();
  }
}
