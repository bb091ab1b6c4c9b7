package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes tenants: the row and the event that tells it, in the caller's transaction. */
@ApplicationScoped
public class TenantWriter {
  private final Outbox outbox;
  private final InstantSource clock;

  TenantWriter(Outbox outbox, @Business InstantSource clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Opens an ACTIVE tenant; the spec has passed every rule. */
  public Uni<TenantEntity> open(Mutiny.Session session, TenantSpec spec, @Nullable UUID parentId) {
    Instant now = clock.instant();
    TenantEntity tenant = TenantEntity.open(spec, parentId, now);
    return session
        .persist(tenant)
        .chain(() -> outbox.append(session, event(EventTypes.TENANT_CREATED, tenant, now)))
        .replaceWith(tenant);
  }

  /** Makes the tenant what the spec says; answers whether that changed it. */
  public Uni<Boolean> change(
      Mutiny.Session session, TenantEntity tenant, TenantSpec spec, @Nullable UUID parentId) {
    Instant now = clock.instant();
    return tell(session, tenant, tenant.change(spec, parentId, now), now);
  }

  /** Takes the tenant to another state; answers whether that changed it. */
  public Uni<Boolean> enter(
      Mutiny.Session session, TenantEntity tenant, TenantState next, @Nullable String reason) {
    Instant now = clock.instant();
    return tell(session, tenant, tenant.enter(next, reason, now), now);
  }

  private Uni<Boolean> tell(
      Mutiny.Session session, TenantEntity tenant, boolean changed, Instant now) {
    return changed
        ? outbox.append(session, event(EventTypes.TENANT_UPDATED, tenant, now)).replaceWith(true)
        : Uni.createFrom().item(false);
  }

  private static OutboxEvent event(String type, TenantEntity tenant, Instant now) {
    String id = tenant.id().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.TENANTS,
        id,
        type,
        id,
        tenant.id(),
        tenant.version(),
        now,
        tenant.fact());
  }
}
