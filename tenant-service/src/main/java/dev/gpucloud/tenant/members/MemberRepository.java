package dev.gpucloud.tenant.members;

import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of members and of their roles at projects. */
@ApplicationScoped
public class MemberRepository {
  public Uni<@Nullable MemberEntity> find(Mutiny.Session session, TenantId tenant, String subject) {
    return session.find(MemberEntity.class, new MemberEntity.Key(tenant.value(), subject));
  }

  /** Reads the row as committed last and keeps others from changing it. */
  public Uni<@Nullable MemberEntity> findLocked(
      Mutiny.Session session, TenantId tenant, String subject) {
    return session.find(
        MemberEntity.class,
        new MemberEntity.Key(tenant.value(), subject),
        LockModeType.PESSIMISTIC_WRITE);
  }

  /** Active members after a subject in order of subjects. */
  public Uni<List<MemberEntity>> page(
      Mutiny.Session session, TenantId tenant, String afterSubject, int limit) {
    return session
        .createSelectionQuery(
            "from MemberEntity where tenantId = :tenant and active and subject > :after"
                + " order by subject",
            MemberEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("after", afterSubject)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Members of a tenant by their subjects, revoked ones included. */
  Uni<List<MemberEntity>> withSubjects(
      Mutiny.Session session, TenantId tenant, Collection<String> subjects) {
    return session
        .createSelectionQuery(
            "from MemberEntity where tenantId = :tenant and subject in (:subjects)",
            MemberEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("subjects", subjects)
        .getResultList();
  }

  /** As above, in order of subjects and kept from others who would change them. */
  Uni<List<MemberEntity>> withSubjectsLocked(
      Mutiny.Session session, TenantId tenant, Collection<String> subjects) {
    return session
        .createSelectionQuery(
            "from MemberEntity where tenantId = :tenant and subject in (:subjects)"
                + " order by subject",
            MemberEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("subjects", subjects)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  /**
   * The owners of a tenant, locked: of two owners who remove each other at one time, one waits and
   * then finds itself the last.
   */
  Uni<List<MemberEntity>> ownersLocked(Mutiny.Session session, TenantId tenant) {
    return session
        .createNativeQuery(
            "select * from member where tenant_id = :tenant and roles @> array['OWNER']"
                + " order by subject for update",
            MemberEntity.class)
        .setParameter("tenant", tenant.value())
        .getResultList();
  }

  /** Every tenant at which a person has a role, up to a limit. */
  public Uni<List<MemberEntity>> ofSubject(Mutiny.Session session, String subject, int limit) {
    return session
        .createSelectionQuery(
            "from MemberEntity where subject = :subject and active order by tenantId",
            MemberEntity.class)
        .setParameter("subject", subject)
        .setMaxResults(limit)
        .getResultList();
  }

  /** The roles of some of a tenant's members at its projects. */
  public Uni<List<ProjectMemberEntity>> projectRoles(
      Mutiny.Session session, TenantId tenant, Collection<String> subjects) {
    return session
        .createSelectionQuery(
            "from ProjectMemberEntity where tenantId = :tenant and subject in (:subjects)"
                + " order by subject, projectId",
            ProjectMemberEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("subjects", subjects)
        .getResultList();
  }

  /** A person's roles at projects of every tenant. */
  public Uni<List<ProjectMemberEntity>> projectRolesOfSubject(
      Mutiny.Session session, String subject) {
    return session
        .createSelectionQuery(
            "from ProjectMemberEntity where subject = :subject order by projectId",
            ProjectMemberEntity.class)
        .setParameter("subject", subject)
        .getResultList();
  }

  Uni<Void> deleteProjectRoles(Mutiny.Session session, TenantId tenant, String subject) {
    return session
        .createMutationQuery(
            "delete from ProjectMemberEntity where tenantId = :tenant and subject = :subject")
        .setParameter("tenant", tenant.value())
        .setParameter("subject", subject)
        .executeUpdate()
        .replaceWithVoid();
  }
}
