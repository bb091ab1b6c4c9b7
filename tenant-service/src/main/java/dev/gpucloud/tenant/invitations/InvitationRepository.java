package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.InvitationId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of invitations; every query names the tenant, beside what row-level security does. */
@ApplicationScoped
class InvitationRepository {
  private static final UUID FIRST = new UUID(0, 0);

  /** Where an invitation is: the answer to its token. */
  record Found(TenantId tenant, InvitationId id) {}

  /** By the token's hash alone, under the system's role. */
  Uni<Optional<Found>> findByToken(Mutiny.Session session, byte[] hash) {
    return Sql.rows(
            session,
            "select tenant_id, invitation_id from invitation where token_hash = ?1",
            (Object) hash)
        .map(
            rows ->
                rows.stream()
                    .map(r -> new Found(new TenantId((UUID) r[0]), new InvitationId((UUID) r[1])))
                    .findFirst());
  }

  Uni<@Nullable InvitationEntity> findLocked(
      Mutiny.Session session, TenantId tenant, InvitationId id) {
    return session
        .createSelectionQuery(
            "from InvitationEntity where tenantId = :tenant and id = :id", InvitationEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("id", id.value())
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getSingleResultOrNull();
  }

  /** Oldest first; with a project those that its owners sent alone. */
  Uni<List<InvitationEntity>> page(
      Mutiny.Session session, TenantId tenant, @Nullable ProjectId project, Page page) {
    var query =
        session
            .createSelectionQuery(
                "from InvitationEntity where tenantId = :tenant and id > :after"
                    + (project == null ? "" : " and projectId = :project")
                    + " order by id",
                InvitationEntity.class)
            .setParameter("tenant", tenant.value())
            .setParameter("after", page.after() == null ? FIRST : UUID.fromString(page.after()))
            .setMaxResults(page.limit());
    if (project != null) {
      query = query.setParameter("project", project.value());
    }
    return query.getResultList();
  }

  /** Where a page begins, and how many rows to read. */
  record Page(@Nullable String after, int limit) {}

  Uni<Long> countPending(Mutiny.Session session, TenantId tenant, Instant now) {
    return session
        .createSelectionQuery(
            "select count(*) from InvitationEntity where tenantId = :tenant and state = :pending"
                + " and expiresAt > :now",
            Long.class)
        .setParameter("tenant", tenant.value())
        .setParameter("pending", InvitationEntity.State.PENDING)
        .setParameter("now", now)
        .getSingleResult();
  }
}
