package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.TenantState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Rows of tenants. What a session sees of them is up to the role its transaction runs under. Who
 * changes one holds the tree's lock, so the rows themselves need none.
 */
@ApplicationScoped
public class TenantRepository {
  /** Key of the advisory lock that orders all changes of the tree and of the quotas along it. */
  private static final long TREE_LOCK = 0x74656e616e7473L;

  /**
   * Waits for the right to change a tenant or a quota, until the transaction ends. One lock for all
   * trees: such changes are rare, and a rule spans a tenant's ancestors and descendants alike.
   */
  public Uni<Void> lockTree(Mutiny.Session session) {
    return session
        .createNativeQuery(
            "select cast(pg_advisory_xact_lock(" + TREE_LOCK + ") as text)", String.class)
        .getSingleResult()
        .replaceWithVoid();
  }

  public Uni<@Nullable TenantEntity> find(Mutiny.Session session, TenantId id) {
    return session.find(TenantEntity.class, id.value());
  }

  public Uni<@Nullable TenantEntity> findBySlug(Mutiny.Session session, String slug) {
    return session
        .createSelectionQuery("from TenantEntity where slug = :slug", TenantEntity.class)
        .setParameter("slug", slug)
        .getSingleResultOrNull();
  }

  /** Every tenant, for rules that span the tree. */
  public Uni<List<TenantEntity>> all(Mutiny.Session session) {
    return session
        .createSelectionQuery("from TenantEntity order by slug", TenantEntity.class)
        .getResultList();
  }

  /** Tenants in a state, those that were changed longest ago first. */
  Uni<List<TenantEntity>> inState(Mutiny.Session session, TenantState state, int limit) {
    return session
        .createSelectionQuery(
            "from TenantEntity where state = :state order by updatedAt, slug", TenantEntity.class)
        .setParameter("state", state)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Slugs of what stands right below a tenant and is not CLOSED. */
  Uni<List<String>> openBelow(Mutiny.Session session, TenantEntity tenant) {
    return session
        .createSelectionQuery(
            "select slug from TenantEntity where parentId = :id and state <> :closed order by slug",
            String.class)
        .setParameter("id", tenant.uuid())
        .setParameter("closed", TenantState.CLOSED)
        .getResultList();
  }

  /** Slugs of the tenants that hold each business number and are not CLOSED. */
  public Uni<Map<String, List<String>>> holders(
      Mutiny.Session session, Collection<String> numbers) {
    return session
        .createSelectionQuery(
            "select businessNumber, slug from TenantEntity"
                + " where businessNumber in (:numbers) and state <> :closed order by slug",
            Object[].class)
        .setParameter("numbers", numbers)
        .setParameter("closed", TenantState.CLOSED)
        .getResultList()
        .map(
            found ->
                found.stream()
                    .collect(
                        Collectors.groupingBy(
                            row -> (String) row[0],
                            Collectors.mapping(row -> (String) row[1], Collectors.toList()))));
  }

  /** Those of the tenants that there are. */
  public Uni<List<TenantEntity>> withIds(Mutiny.Session session, Collection<UUID> ids) {
    return session
        .createSelectionQuery(
            "from TenantEntity where id in (:ids) order by slug", TenantEntity.class)
        .setParameter("ids", ids)
        .getResultList();
  }

  /** Tenants after a slug in order of slugs, perhaps of one state or one member only. */
  public Uni<List<TenantEntity>> page(Mutiny.Session session, Filter filter, int limit) {
    var hql = new StringBuilder("from TenantEntity t where t.slug > :after");
    filter.state().ifPresent(state -> hql.append(" and t.state = :state"));
    filter
        .subject()
        .ifPresent(
            subject ->
                hql.append(
                    " and t.id in (select m.tenantId from MemberEntity m"
                        + " where m.subject = :subject and m.active)"));
    var query =
        session
            .createSelectionQuery(hql.append(" order by t.slug").toString(), TenantEntity.class)
            .setParameter("after", filter.afterSlug())
            .setMaxResults(limit);
    filter.state().ifPresent(state -> query.setParameter("state", state));
    filter.subject().ifPresent(subject -> query.setParameter("subject", subject));
    return query.getResultList();
  }

  /** Those of the tenants at which somebody has roles, and not at projects of them alone. */
  Uni<List<UUID>> withRolesOf(Mutiny.Session session, String subject, Collection<UUID> ids) {
    return session
        .createSelectionQuery(
            "select m.tenantId from MemberEntity m where m.subject = :subject and m.active"
                + " and m.tenantId in (:ids) and array_length(m.roles) > 0",
            UUID.class)
        .setParameter("subject", subject)
        .setParameter("ids", ids)
        .getResultList();
  }

  /** Which tenants a list shows. */
  public record Filter(String afterSlug, Optional<TenantState> state, Optional<String> subject) {}
}
