package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Reads instances of one project. Every query names the tenant and the project itself; row-level
 * security holds even where one should not.
 */
@ApplicationScoped
public class InstanceStore {
  private static final String OF_PROJECT =
      "from InstanceEntity i where i.tenantId = :tenant and i.projectId = :project ";

  /** By id, or by the name of one that is not deleted; anything else is NOT_FOUND. */
  public Uni<InstanceEntity> load(
      Mutiny.Session s, TenantScope scope, String idOrName, LockModeType lock) {
    return query(s, scope, idOrName)
        .setLockMode(lock)
        .getResultList()
        .map(
            found -> {
              if (found.isEmpty()) {
                throw notFound(idOrName);
              }
              return found.getFirst();
            });
  }

  private Mutiny.SelectionQuery<InstanceEntity> query(
      Mutiny.Session s, TenantScope scope, String idOrName) {
    if (!idOrName.startsWith("ins_")) {
      return scoped(s, scope, "and i.name = :name and i.state <> :deleted")
          .setParameter("name", idOrName)
          .setParameter("deleted", InstanceState.DELETED);
    }
    try {
      return scoped(s, scope, "and i.id = :id")
          .setParameter("id", InstanceId.parse(idOrName).value());
    } catch (IllegalArgumentException e) {
      throw notFound(idOrName);
    }
  }

  private static Mutiny.SelectionQuery<InstanceEntity> scoped(
      Mutiny.Session s, TenantScope scope, String where) {
    return s.createSelectionQuery(OF_PROJECT + where, InstanceEntity.class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("project", scope.project().id().value());
  }

  private static ProblemException notFound(String idOrName) {
    return ProblemType.NOT_FOUND.because("The project has no instance '" + idOrName + "'.");
  }

  /** Oldest first; without a state those that are not deleted. */
  Uni<Page<InstanceView>> list(
      Mutiny.Session s, TenantScope scope, @Nullable InstanceState state, PageRequest page) {
    String where = state == null ? "and i.state <> :state" : "and i.state = :state";
    String after = page.after().get("id");
    Mutiny.SelectionQuery<InstanceEntity> query =
        scoped(s, scope, where + (after == null ? "" : " and i.id > :after") + " order by i.id")
            .setParameter("state", state == null ? InstanceState.DELETED : state);
    if (after != null) {
      query = query.setParameter("after", position(after));
    }
    return query
        .setMaxResults(page.limit())
        .getResultList()
        .map(
            rows ->
                page.page(rows, InstanceView::of, i -> Map.of("id", i.id().value().toString())));
  }

  private static UUID position(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  /** The steps of an instance's life, first to last. */
  Uni<Page<HistoryView>> history(
      Mutiny.Session s, TenantScope scope, String idOrName, PageRequest page) {
    long after = sequence(page.after().getOrDefault("sequence", "0"));
    return load(s, scope, idOrName, LockModeType.NONE)
        .chain(
            instance ->
                s.createSelectionQuery(
                        "from HistoryEntity h where h.tenantId = :tenant and h.instanceId = :id"
                            + " and h.sequence > :after order by h.sequence",
                        HistoryEntity.class)
                    .setParameter("tenant", scope.tenantId().value())
                    .setParameter("id", instance.id().value())
                    .setParameter("after", after)
                    .setMaxResults(page.limit())
                    .getResultList())
        .map(
            rows ->
                page.page(
                    rows, HistoryView::of, h -> Map.of("sequence", Long.toString(h.sequence))));
  }

  private static long sequence(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  /** Stores a new operation on an instance; the one before gives way to it if it is still open. */
  Uni<Void> begin(Mutiny.Session s, NewOperation operation) {
    OperationId before = operation.before();
    Uni<Void> superseded =
        before == null
            ? Uni.createFrom().voidItem()
            : Sql.update(
                    s,
                    """
                    update operation set state = 'FAILED', reason = 'SUPERSEDED', done_at = ?3
                    where tenant_id = ?1 and id = ?2 and state = 'RUNNING'""",
                    operation.instance().tenantId().value(),
                    before.value(),
                    operation.at().atOffset(ZoneOffset.UTC))
                .replaceWithVoid();
    return superseded.chain(() -> insert(s, operation));
  }

  private static Uni<Void> insert(Mutiny.Session s, NewOperation operation) {
    return Sql.update(
            s,
            """
            insert into operation
              (id, tenant_id, project_id, instance_id, kind, state, created_by, created_at)
            values (?1, ?2, ?3, ?4, ?5, 'RUNNING', ?6, ?7)""",
            operation.id().value(),
            operation.instance().tenantId().value(),
            operation.instance().projectId().value(),
            operation.instance().id().value(),
            operation.kind(),
            operation.actor(),
            operation.at().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /**
   * An operation that begins now; {@code before} is the last one of its instance, the only one that
   * may be open.
   */
  record NewOperation(
      OperationId id,
      @Nullable OperationId before,
      InstanceEntity instance,
      String kind,
      String actor,
      Instant at) {}
}
