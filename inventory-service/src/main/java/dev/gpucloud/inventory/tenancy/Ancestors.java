package dev.gpucloud.inventory.tenancy;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.ReferenceListener;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The active tenants that stand below one which takes nothing new, in memory, so that a request
 * pays nothing for it. Read again when a tenant's fact was applied here, and each second for what
 * other replicas applied.
 */
@ApplicationScoped
class Ancestors implements ReferenceListener {
  private static final Logger LOG = Logger.getLogger(Ancestors.class);
  private static final String HELD =
      """
      with recursive below as (
        select c.tenant_id, t.tenant_id as held, 1 as depth
        from tenant_ref t join tenant_ref c on c.parent_id = t.tenant_id
        where t.state in ('SUSPENDED', 'CLOSING', 'CLOSED')
        union all
        select c.tenant_id, b.held, b.depth + 1
        from below b join tenant_ref c on c.parent_id = b.tenant_id where b.depth < 16
      )
      select distinct on (b.tenant_id) cast(b.tenant_id as text), h.slug, h.fact->>'name', h.state
      from below b join tenant_ref t on t.tenant_id = b.tenant_id and t.state = 'ACTIVE'
      join tenant_ref h on h.tenant_id = b.held
      order by b.tenant_id, b.depth""";

  private final Transactions transactions;
  private volatile Map<UUID, Held> byTenant = Map.of();

  Ancestors(Transactions transactions) {
    this.transactions = transactions;
  }

  /** An ancestor that takes nothing new, and so nothing below it. */
  record Held(String slug, String name, String state) {}

  /** The nearest ancestor of a tenant that takes nothing new. */
  Optional<Held> heldAbove(TenantId tenant) {
    return Optional.ofNullable(byTenant.get(tenant.value()));
  }

  @Override
  public Uni<Void> tenantApplied() {
    return keepFresh();
  }

  /** What was read last holds while the database does not answer. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> keepFresh() {
    return transactions
        .readAsSystem(s -> Sql.rows(s, HELD))
        .invoke(
            rows ->
                byTenant =
                    rows.stream()
                        .collect(
                            Collectors.toUnmodifiableMap(
                                row -> UUID.fromString((String) row[0]), Ancestors::held)))
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("tenants below suspended ones are not refreshed: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private static Held held(Object[] row) {
    return new Held((String) row[1], (String) row[2], (String) row[3]);
  }
}
