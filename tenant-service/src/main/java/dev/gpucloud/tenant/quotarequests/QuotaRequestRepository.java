package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.id.QuotaRequestId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of requests for more quota. Who decides holds the tree's lock. */
@ApplicationScoped
class QuotaRequestRepository {
  private static final UUID FIRST = new UUID(0, 0);

  /** Which requests a list shows: of one tenant, of the children of one, or all. */
  record Filter(
      @Nullable TenantId of, @Nullable TenantId childrenOf, Optional<QuotaRequestState> state) {}

  /** Requests after one in the order in which they were made. */
  Uni<List<QuotaRequestEntity>> page(
      Mutiny.Session session, Filter filter, @Nullable UUID after, int limit) {
    var hql = new StringBuilder("from QuotaRequestEntity where id > :after");
    if (filter.of() != null) {
      hql.append(" and tenantId = :of");
    }
    if (filter.childrenOf() != null) {
      hql.append(" and parentId = :childrenOf");
    }
    if (filter.state().isPresent()) {
      hql.append(" and state = :state");
    }
    var query =
        session
            .createSelectionQuery(hql.append(" order by id").toString(), QuotaRequestEntity.class)
            .setParameter("after", after == null ? FIRST : after)
            .setMaxResults(limit);
    if (filter.of() != null) {
      query.setParameter("of", filter.of().value());
    }
    if (filter.childrenOf() != null) {
      query.setParameter("childrenOf", filter.childrenOf().value());
    }
    filter.state().ifPresent(state -> query.setParameter("state", state));
    return query.getResultList();
  }

  /** What a tenant asked for and nobody decided yet. */
  Uni<List<QuotaRequestEntity>> open(Mutiny.Session session, TenantId tenant) {
    return session
        .createSelectionQuery(
            "from QuotaRequestEntity where tenantId = :tenant and state = :open order by id",
            QuotaRequestEntity.class)
        .setParameter("tenant", tenant.value())
        .setParameter("open", QuotaRequestState.OPEN)
        .getResultList();
  }

  Uni<@Nullable QuotaRequestEntity> find(Mutiny.Session session, QuotaRequestId id, Filter filter) {
    var hql = new StringBuilder("from QuotaRequestEntity where id = :id");
    if (filter.of() != null) {
      hql.append(" and tenantId = :whose");
    }
    if (filter.childrenOf() != null) {
      hql.append(" and parentId = :whose");
    }
    var query =
        session
            .createSelectionQuery(hql.toString(), QuotaRequestEntity.class)
            .setParameter("id", id.value());
    TenantId whose = filter.of() == null ? filter.childrenOf() : filter.of();
    if (whose != null) {
      query.setParameter("whose", whose.value());
    }
    return query.getSingleResultOrNull();
  }
}
