package dev.gpucloud.tenant.applications;

import dev.gpucloud.contracts.id.TenantApplicationId;
import dev.gpucloud.tenant.engine.TenantState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of applications. They belong to no tenant: a query for an applicant names the subject. */
@ApplicationScoped
class ApplicationRepository {
  private static final UUID FIRST = new UUID(0, 0);

  /** Which applications a list shows; without a subject those of everybody. */
  record Filter(
      Optional<String> subject,
      Optional<TenantState> state,
      Optional<String> slug,
      Optional<UUID> after) {}

  /** In the order in which they came. */
  Uni<List<ApplicationEntity>> page(Mutiny.Session session, Filter filter, int limit) {
    var hql = new StringBuilder("from ApplicationEntity a where a.id > :after");
    filter.subject().ifPresent(subject -> hql.append(" and a.subject = :subject"));
    filter.state().ifPresent(state -> hql.append(" and a.state = :state"));
    filter.slug().ifPresent(slug -> hql.append(" and a.slug = :slug"));
    var query =
        session
            .createSelectionQuery(hql.append(" order by a.id").toString(), ApplicationEntity.class)
            .setParameter("after", filter.after().orElse(FIRST))
            .setMaxResults(limit);
    filter.subject().ifPresent(subject -> query.setParameter("subject", subject));
    filter.state().ifPresent(state -> query.setParameter("state", state));
    filter.slug().ifPresent(slug -> query.setParameter("slug", slug));
    return query.getResultList();
  }

  /** An application that waits for a decision, of the person or for the slug. */
  Uni<@Nullable ApplicationEntity> open(Mutiny.Session session, String subject, String slug) {
    return session
        .createSelectionQuery(
            "from ApplicationEntity where state = :applied and (subject = :subject or slug = :slug)"
                + " order by case when subject = :subject then 0 else 1 end",
            ApplicationEntity.class)
        .setParameter("applied", TenantState.APPLIED)
        .setParameter("subject", subject)
        .setParameter("slug", slug)
        .setMaxResults(1)
        .getSingleResultOrNull();
  }

  /** How many a person has made since, whatever became of them. */
  Uni<Long> countSince(Mutiny.Session session, String subject, Instant since) {
    return session
        .createSelectionQuery(
            "select count(*) from ApplicationEntity where subject = :subject and createdAt > :since",
            Long.class)
        .setParameter("subject", subject)
        .setParameter("since", since)
        .getSingleResult();
  }

  Uni<@Nullable ApplicationEntity> find(
      Mutiny.Session session, TenantApplicationId id, LockModeType lock) {
    return session.find(ApplicationEntity.class, id.value(), lock);
  }
}
