package dev.gpucloud.tenant.serviceaccounts;

import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of service accounts. */
@ApplicationScoped
class ServiceAccountRepository {
  Uni<@Nullable ServiceAccountEntity> find(
      Mutiny.Session session, ServiceAccountId id, LockModeType lock) {
    return session.find(ServiceAccountEntity.class, id.value(), lock);
  }

  /** Accounts after an id in order of ids (the order of their creation), deleted ones left out. */
  Uni<List<ServiceAccountEntity>> page(
      Mutiny.Session session, TenantId tenant, UUID after, int limit) {
    return session
        .createSelectionQuery(
            "from ServiceAccountEntity where tenantId = :tenant and deletedAt is null"
                + " and id > :after order by id",
            ServiceAccountEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("after", after)
        .setMaxResults(limit)
        .getResultList();
  }
}
