package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of API keys. */
@ApplicationScoped
public class ApiKeyRepository {
  /** What a key is called. */
  public Uni<@Nullable String> nameOf(Mutiny.Session session, ApiKeyId id) {
    return find(session, id).map(row -> row == null ? null : row.name());
  }

  Uni<@Nullable ApiKeyEntity> find(Mutiny.Session session, ApiKeyId id) {
    return session.find(ApiKeyEntity.class, id.value());
  }

  Uni<@Nullable ApiKeyEntity> findLocked(Mutiny.Session session, ApiKeyId id) {
    return session.find(ApiKeyEntity.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
  }

  /** Keys after an id in order of ids (the order of their creation), of one holder or of all. */
  Uni<List<ApiKeyEntity>> page(
      Mutiny.Session session, TenantId tenant, @Nullable String holder, UUID after, int limit) {
    var query =
        session
            .createSelectionQuery(
                "from ApiKeyEntity where tenantId = :tenant and id > :after"
                    + (holder == null ? "" : " and subject = :holder")
                    + " order by id",
                ApiKeyEntity.class)
            .setParameter("tenant", tenant.value())
            .setParameter("after", after)
            .setMaxResults(limit);
    return (holder == null ? query : query.setParameter("holder", holder)).getResultList();
  }

  /** Keys of a holder that are not revoked, locked. */
  Uni<List<ApiKeyEntity>> unrevokedLocked(Mutiny.Session session, TenantId tenant, String holder) {
    return session
        .createSelectionQuery(
            "from ApiKeyEntity where tenantId = :tenant and subject = :holder"
                + " and revokedAt is null order by id",
            ApiKeyEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("holder", holder)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  Uni<Long> countActive(Mutiny.Session session, TenantId tenant, String holder, Instant now) {
    return session
        .createSelectionQuery(
            "select count(*) from ApiKeyEntity where tenantId = :tenant and subject = :holder"
                + " and revokedAt is null and expiresAt > :now",
            Long.class)
        .setParameter("tenant", tenant.value())
        .setParameter("holder", holder)
        .setParameter("now", now)
        .getSingleResult();
  }
}
