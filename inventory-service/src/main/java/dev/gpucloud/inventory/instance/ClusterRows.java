package dev.gpucloud.inventory.instance;

import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.Rule;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Rows of clusters on the raw client, for the allocation writer. */
public final class ClusterRows {
  private ClusterRows() {}

  /** A cluster and where its instances go. */
  public record NewCluster(ClusterDraft draft, ClusterPlacement placement) {
    public UUID id() {
      return draft.id().value();
    }
  }

  /** Inserts clusters and answers those that went in: a taken name stays out. */
  public static Uni<Set<UUID>> insert(
      SqlConnection c, List<NewCluster> clusters, String site, Instant at) {
    if (clusters.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    return columns(site, at)
        .execute(c, clusters, "on conflict do nothing", "id")
        .map(
            rows -> {
              Set<UUID> in = new HashSet<>();
              rows.forEach(row -> in.add(row.getUUID(0)));
              return in;
            });
  }

  private static BulkInsert<NewCluster> columns(String site, Instant at) {
    return BulkInsert.<NewCluster>into("cluster")
        .uuid("id", NewCluster::id)
        .uuid("tenant_id", n -> n.draft().tenant().id().value())
        .uuid("project_id", n -> n.draft().project().id().value())
        .text("name", n -> n.draft().name())
        .text("state", n -> "ACTIVE")
        .text("instance_type", n -> n.draft().type().id())
        .integer("instances", n -> n.draft().instances())
        .integer("spares", n -> n.draft().spares())
        .text("topology", n -> n.draft().topologyJson())
        .text("requested_site", n -> n.draft().site())
        .text("site_id", n -> site)
        .text("level", n -> n.placement().level().name())
        .text("domain", n -> n.placement().domain())
        .text("unmet", n -> String.join(",", unmet(n.placement())))
        .text("created_by", n -> n.draft().actor())
        .time("created_at", n -> at)
        .time("updated_at", n -> at);
  }

  /** The preferences that a placement leaves unmet, in words. */
  public static List<String> unmet(ClusterPlacement placement) {
    return placement.unmet().stream().map(ClusterRows::name).toList();
  }

  private static String name(Rule rule) {
    return switch (rule) {
      case Rule.Within within -> "WITHIN_" + within.level();
      case Rule.Spread spread -> "SPREAD_OVER_" + spread.over();
    };
  }
}
