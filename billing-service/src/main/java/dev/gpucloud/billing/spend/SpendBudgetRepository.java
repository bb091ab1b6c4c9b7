package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of budgets of won. Who changes one holds its lock. */
@ApplicationScoped
class SpendBudgetRepository {
  /** Tenants of which a budget is due, or of which something was heard since. */
  private static final String DUE =
      """
      select cast(b.tenant_id as text)
      from spend_budget b join tenant_ref t on t.tenant_id = b.tenant_id and t.state <> 'CLOSED'
      where b.next_look_at is null or b.next_look_at <= ?1
        or b.tenant_id in (select e.tenant_id from instance_event e where e.received_at > ?2)
      group by b.tenant_id order by min(b.looked_at) nulls first, b.tenant_id limit ?3""";

  private static final String LOCK =
      """
      select * from spend_budget
      where tenant_id = any (cast(string_to_array(:tenants, ',') as uuid[]))
      order by id for update""";

  /** Serialises what counts the budgets of a tenant. */
  private static final String LOCK_TENANT =
      "select cast(pg_advisory_xact_lock(hashtextextended('spend-budgets ' || ?1, 0)) as text)";

  /** Who was looked at longest ago comes first. */
  Uni<List<UUID>> dueTenants(Mutiny.Session s, Instant now, Instant heardSince, int most) {
    return Rows.select(s, DUE, Rows.param(now), Rows.param(heardSince), most)
        .map(rows -> rows.stream().map(row -> row.uuid(0)).toList());
  }

  /** Every budget of some tenants, locked in one order. */
  Uni<List<SpendBudgetEntity>> lockOf(Mutiny.Session s, Collection<UUID> tenants) {
    return s.createNativeQuery(LOCK, SpendBudgetEntity.class)
        .setParameter("tenants", Rows.param(tenants))
        .getResultList();
  }

  Uni<Long> lockAndCount(Mutiny.Session s, TenantId tenant) {
    return Rows.select(s, LOCK_TENANT, tenant.value().toString())
        .chain(
            () ->
                Rows.select(
                    s, "select count(*) from spend_budget where tenant_id = ?1", tenant.value()))
        .map(rows -> rows.getFirst().number(0));
  }

  Uni<Boolean> hasName(Mutiny.Session s, TenantId tenant, String name, UUID except) {
    return Rows.select(
            s,
            "select 1 from spend_budget where tenant_id = ?1 and name = ?2 and id <> ?3",
            tenant.value(),
            name,
            except)
        .map(rows -> !rows.isEmpty());
  }

  Uni<@Nullable SpendBudgetEntity> find(Mutiny.Session s, UUID id, LockModeType lock) {
    return s.find(SpendBudgetEntity.class, id, lock);
  }

  /** Oldest first; of one tenant, or of all without one. */
  Uni<List<SpendBudgetEntity>> page(
      Mutiny.Session s, @Nullable TenantId tenant, UUID after, int limit) {
    String of = tenant == null ? "" : "tenantId = :tenant and ";
    var query =
        s.createSelectionQuery(
                "from SpendBudgetEntity where " + of + "id > :after order by id",
                SpendBudgetEntity.class)
            .setParameter("after", after)
            .setMaxResults(limit);
    return (tenant == null ? query : query.setParameter("tenant", tenant.value())).getResultList();
  }
}
