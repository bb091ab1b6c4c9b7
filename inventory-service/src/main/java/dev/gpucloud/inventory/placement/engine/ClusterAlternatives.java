package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What would fit instead of a cluster, each one checked against what is free now: fewer instances
 * or a wider level at a site asked for, a smaller type, another site, a delivery.
 */
final class ClusterAlternatives {
  private final Demand demand;
  private final ClusterShape cluster;
  private final Collection<PoolView> pools;
  private final List<PoolView> allowed;

  ClusterAlternatives(Demand demand, ClusterShape cluster, Collection<PoolView> pools) {
    this.demand = demand;
    this.cluster = cluster;
    this.pools = pools;
    this.allowed = PlacementEngine.candidates(demand, pools);
  }

  List<Alternative> all(Collection<OfferedType> types, Collection<ExpectedDelivery> deliveries) {
    List<Alternative> all = new ArrayList<>();
    shared(all);
    allowed.forEach(pool -> byLevel(pool, all));
    smaller(types, all);
    PlacementEngine.otherSites(demand, pools)
        .filter(pool -> fits(pool, cluster))
        .map(pool -> new Alternative.OtherSite(pool.site().id(), largest(pool, cluster)))
        .forEach(all::add);
    all.addAll(
        PlacementEngine.later(
            demand,
            pools,
            deliveries.stream().filter(delivery -> delivery.takes(cluster)),
            cluster.instances(),
            index -> index.largestCluster(cluster, cluster.required(), demand.terms())));
    return all;
  }

  /** From the required level outwards: how many fit in one domain, until all do. */
  private void byLevel(PoolView pool, List<Alternative> all) {
    String site = pool.site().id();
    Level required = cluster.required();
    int before = 0;
    for (Level level : Level.values()) {
      if (required.isWiderThan(level)) {
        continue;
      }
      int most = pool.index().largestCluster(cluster, level, demand.terms());
      if (most >= cluster.instances()) {
        int used = pool.index().domainsUsed(cluster, level, required, demand.terms());
        all.add(new Alternative.WiderLevel(site, level, used));
        return;
      }
      if (most > before) {
        all.add(new Alternative.FewerInstances(site, level, most));
        before = most;
      }
    }
  }

  /** On hosts that others may be on as well. */
  private void shared(List<Alternative> all) {
    if (demand.dedicated()) {
      Demand less = demand.standing(null, false);
      int most =
          allowed.stream()
              .mapToInt(
                  pool -> pool.index().largestCluster(cluster, cluster.required(), less.terms()))
              .max()
              .orElse(0);
      if (most >= cluster.instances()) {
        all.add(new Alternative.Relaxed(Refusal.Wish.DEDICATION, most));
      }
    }
  }

  private void smaller(Collection<OfferedType> types, List<Alternative> all) {
    PlacementEngine.smallerTypes(demand.model(), cluster.shape(), types)
        .forEach(
            type -> {
              ClusterShape other = cluster.withShape(type.shape());
              int most = allowed.stream().mapToInt(pool -> largest(pool, other)).max().orElse(0);
              if (most >= cluster.instances()) {
                all.add(new Alternative.SmallerType(type.id(), most));
              }
            });
  }

  private boolean fits(PoolView pool, ClusterShape asked) {
    return largest(pool, asked) >= asked.instances();
  }

  private int largest(PoolView pool, ClusterShape asked) {
    return pool.index().largestCluster(asked, asked.required(), demand.terms());
  }
}
