package dev.gpucloud.tenant.projects;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Rows of projects; every query names the tenant, beside what row-level security does, but those by
 * which a request's place is found.
 */
@ApplicationScoped
public class ProjectRepository {
  /** The project with an id or slug, for reading or for a change. */
  public Uni<@Nullable ProjectEntity> find(
      Mutiny.Session session, TenantId tenant, ProjectName name, LockModeType lock) {
    if (!name.isPossible()) {
      return Uni.createFrom().nullItem();
    }
    return session
        .createSelectionQuery(
            "from ProjectEntity where tenantId = :tenant and "
                + (name.isId() ? "id = :name" : "slug = :name"),
            ProjectEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("name", name.value())
        .setLockMode(lock)
        .getSingleResultOrNull();
  }

  /** The project with an id, of whichever tenant. */
  public Uni<@Nullable ProjectEntity> find(Mutiny.Session session, ProjectId id) {
    return session.find(ProjectEntity.class, id.value());
  }

  /** The project by its tenant's slug and its own. */
  public Uni<@Nullable ProjectEntity> findBySlugs(
      Mutiny.Session session, String tenantSlug, String slug) {
    return session
        .createSelectionQuery(
            "from ProjectEntity where slug = :slug"
                + " and tenantId = (select t.id from TenantEntity t where t.slug = :tenant)",
            ProjectEntity.class)
        .setParameter("slug", slug)
        .setParameter("tenant", tenantSlug)
        .getSingleResultOrNull();
  }

  /** Where a page begins and how many it has. */
  record Page(String afterSlug, int limit) {}

  /** Projects after a slug in order of slugs. */
  Uni<List<ProjectEntity>> page(Mutiny.Session session, TenantId tenant, Page page) {
    return session
        .createSelectionQuery(
            "from ProjectEntity where tenantId = :tenant and slug > :after order by slug",
            ProjectEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("after", page.afterSlug())
        .setMaxResults(page.limit())
        .getResultList();
  }

  /** Those of the projects that come after a slug, in order of slugs. */
  Uni<List<ProjectEntity>> page(
      Mutiny.Session session, TenantId tenant, Set<ProjectId> of, Page page) {
    return session
        .createSelectionQuery(
            "from ProjectEntity where tenantId = :tenant and id in (:of) and slug > :after"
                + " order by slug",
            ProjectEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("of", of.stream().map(ProjectId::value).toList())
        .setParameter("after", page.afterSlug())
        .setMaxResults(page.limit())
        .getResultList();
  }

  /** Every project of the tenants, for a change. */
  public Uni<List<ProjectEntity>> ofTenants(Mutiny.Session session, Collection<UUID> tenants) {
    return session
        .createSelectionQuery(
            "from ProjectEntity where tenantId in (:tenants)", ProjectEntity.class)
        .setParameter("tenants", tenants)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  /** Those of the ids that are projects of the tenant. */
  public Uni<List<UUID>> existing(
      Mutiny.Session session, TenantId tenant, Collection<UUID> projects) {
    return session
        .createSelectionQuery(
            "select id from ProjectEntity where tenantId = :tenant and id in (:projects)",
            UUID.class)
        .setParameter("tenant", tenant.value())
        .setParameter("projects", projects)
        .getResultList();
  }
}
