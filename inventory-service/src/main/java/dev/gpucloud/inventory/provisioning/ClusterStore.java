package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.ClusterId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads clusters of one project; every query names the tenant and the project itself. */
@ApplicationScoped
class ClusterStore {
  private final Anchors anchors;

  ClusterStore(Anchors anchors) {
    this.anchors = anchors;
  }

  private static final String OF_PROJECT =
      "from ClusterEntity c where c.tenantId = :tenant and c.projectId = :project ";

  /** By id, or by the name of one that is not deleted; anything else is NOT_FOUND. */
  Uni<ClusterEntity> load(Mutiny.Session s, TenantScope scope, String idOrName, LockModeType lock) {
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

  private static Mutiny.SelectionQuery<ClusterEntity> query(
      Mutiny.Session s, TenantScope scope, String idOrName) {
    if (!idOrName.startsWith("clu_")) {
      return scoped(s, scope, "and c.name = :name and c.state = 'ACTIVE'")
          .setParameter("name", idOrName);
    }
    try {
      return scoped(s, scope, "and c.id = :id")
          .setParameter("id", ClusterId.parse(idOrName).value());
    } catch (IllegalArgumentException e) {
      throw notFound(idOrName);
    }
  }

  private static Mutiny.SelectionQuery<ClusterEntity> scoped(
      Mutiny.Session s, TenantScope scope, String where) {
    return s.createSelectionQuery(OF_PROJECT + where, ClusterEntity.class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("project", scope.project().id().value());
  }

  private static ProblemException notFound(String idOrName) {
    return ProblemType.NOT_FOUND.because("The project has no cluster '" + idOrName + "'.");
  }

  /** Oldest first; those that are gone are left out. */
  Uni<Page<ClusterView>> list(Mutiny.Session s, TenantScope scope, PageRequest page) {
    String after = page.after().get("id");
    String living =
        "and (c.state = 'ACTIVE' or exists (select 1 from InstanceEntity i"
            + " where i.clusterId = c.id and i.state <> :gone))";
    Mutiny.SelectionQuery<ClusterEntity> query =
        scoped(s, scope, living + (after == null ? "" : " and c.id > :after") + " order by c.id")
            .setParameter("gone", InstanceState.DELETED);
    if (after != null) {
      query = query.setParameter("after", position(after));
    }
    return query
        .setMaxResults(page.limit())
        .getResultList()
        .chain(
            rows ->
                seen(s, scope, rows)
                    .map(
                        seen ->
                            page.page(
                                rows,
                                c -> view(scope, c, seen),
                                c -> Map.of("id", c.id.toString()))));
  }

  private static UUID position(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  Uni<ClusterView> view(Mutiny.Session s, TenantScope scope, ClusterEntity cluster) {
    return seen(s, scope, List.of(cluster)).map(seen -> view(scope, cluster, seen));
  }

  /** What the instances of clusters say about them: their states, and where they stand. */
  private record Seen(Map<UUID, Map<InstanceState, Integer>> states, ClusterPlaces places) {}

  private static Uni<Seen> seen(Mutiny.Session s, TenantScope scope, List<ClusterEntity> clusters) {
    return states(s, scope, clusters)
        .chain(states -> ClusterPlaces.of(s, clusters).map(places -> new Seen(states, places)));
  }

  private ClusterView view(TenantScope scope, ClusterEntity c, Seen seen) {
    return ClusterView.of(
        c,
        scope.tenant().slug() + "." + scope.project().slug(),
        seen.places().of(c, anchors.topology(c)),
        seen.states().getOrDefault(c.id, Map.of()));
  }

  private static Uni<Map<UUID, Map<InstanceState, Integer>>> states(
      Mutiny.Session s, TenantScope scope, List<ClusterEntity> clusters) {
    if (clusters.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return s.createSelectionQuery(
            "select i.clusterId, i.state, count(*) from InstanceEntity i"
                + " where i.tenantId = :tenant and i.clusterId in :clusters"
                + " group by i.clusterId, i.state",
            Object[].class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("clusters", clusters.stream().map(c -> c.id).toList())
        .getResultList()
        .map(ClusterStore::counted);
  }

  private static Map<UUID, Map<InstanceState, Integer>> counted(List<Object[]> rows) {
    Map<UUID, Map<InstanceState, Integer>> states = new HashMap<>();
    for (Object[] row : rows) {
      states
          .computeIfAbsent((UUID) row[0], id -> new EnumMap<>(InstanceState.class))
          .put((InstanceState) row[1], ((Number) row[2]).intValue());
    }
    return states;
  }

  /** The instances of a cluster, locked in the order of their ids. */
  Uni<List<InstanceEntity>> lockInstances(
      Mutiny.Session s, TenantScope scope, ClusterEntity cluster) {
    return s.createSelectionQuery(
            "from InstanceEntity i where i.tenantId = :tenant and i.clusterId = :cluster"
                + " order by i.id",
            InstanceEntity.class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("cluster", cluster.id)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  /** The instances of a cluster, first to last. */
  Uni<Page<InstanceView>> instances(
      Mutiny.Session s, TenantScope scope, ClusterEntity cluster, PageRequest page) {
    String after = page.after().get("id");
    Mutiny.SelectionQuery<InstanceEntity> query =
        s.createSelectionQuery(
                "from InstanceEntity i where i.tenantId = :tenant and i.clusterId = :cluster"
                    + (after == null ? "" : " and i.id > :after")
                    + " order by i.id",
                InstanceEntity.class)
            .setParameter("tenant", scope.tenantId().value())
            .setParameter("cluster", cluster.id);
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
}
