package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of webhooks; every query names the tenant, beside what row-level security does. */
@ApplicationScoped
class WebhookRepository {
  Uni<@Nullable WebhookEntity> find(
      Mutiny.Session session, TenantId tenant, WebhookId id, LockModeType lock) {
    return session
        .createSelectionQuery(
            "from WebhookEntity where tenantId = :tenant and id = :id", WebhookEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("id", id.value())
        .setLockMode(lock)
        .getSingleResultOrNull();
  }

  /** Webhooks after an id in order of ids (the order of their creation). */
  Uni<List<WebhookEntity>> page(Mutiny.Session session, TenantId tenant, UUID after, int limit) {
    return session
        .createSelectionQuery(
            "from WebhookEntity where tenantId = :tenant and id > :after order by id",
            WebhookEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("after", after)
        .setMaxResults(limit)
        .getResultList();
  }

  Uni<Long> count(Mutiny.Session session, TenantId tenant) {
    return session
        .createSelectionQuery(
            "select count(*) from WebhookEntity where tenantId = :tenant", Long.class)
        .setParameter("tenant", tenant.value())
        .getSingleResult();
  }
}
