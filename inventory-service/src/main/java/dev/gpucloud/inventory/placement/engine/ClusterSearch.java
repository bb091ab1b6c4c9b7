package dev.gpucloud.inventory.placement.engine;

import static dev.gpucloud.inventory.placement.engine.Strength.PREFERRED;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import dev.gpucloud.inventory.placement.engine.Rule.Within;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the hosts of a cluster. Levels are tried from the narrowest one named to the widest one
 * allowed, at each first with a preferred spread and then without it; there the domain with the
 * least room that suffices is taken, and in it the fullest racks first. When a narrower level was
 * wished for in vain, as few of its domains as can be are used.
 */
final class ClusterSearch {
  private final HostArrays hosts;
  private final Domains domains;
  private final Fit fit;
  private final Chosen chosen;

  ClusterSearch(HostArrays hosts, Domains domains, Buckets buckets, Fit fit) {
    this.hosts = hosts;
    this.domains = domains;
    this.fit = fit;
    this.chosen = new Chosen(hosts, domains, buckets, fit);
  }

  /** Where the cluster would go now, or null. */
  @Nullable ClusterPlacement find(ClusterShape cluster, Set<HostId> avoid) {
    fit.ask(cluster.shape(), cluster.onePerHost(), avoid);
    Level widest = cluster.required();
    for (Level level : Level.values()) {
      if (!cluster.narrowest().isWiderThan(level) && !level.isWiderThan(widest)) {
        ClusterPlacement found = at(level, cluster);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable ClusterPlacement at(Level level, ClusterShape cluster) {
    Spread spread = cluster.spread();
    int domain = fit.tightest(level, cluster.members(), spread);
    if (domain < 0 && spread != null && spread.strength() == PREFERRED) {
      spread = null;
      domain = fit.tightest(level, cluster.members(), null);
    }
    return domain < 0 ? null : choose(level, domain, cluster, spread);
  }

  private ClusterPlacement choose(
      Level level, int domain, ClusterShape cluster, @Nullable Spread spread) {
    chosen.begin(cluster.members());
    if (spread != null && level.isWiderThan(spread.over())) {
      chosen.spread(level, domain, cluster, spread);
    } else if (level.isWiderThan(cluster.narrowest())) {
      chosen.gather(level, domain, cluster.narrowest(), cluster.members());
    } else {
      chosen.fill(level, domain, cluster.members());
    }
    String name = name(level, domains.starts(level)[domain]);
    return new ClusterPlacement(
        chosen.slots(cluster, 0, cluster.instances()),
        chosen.slots(cluster, cluster.instances(), cluster.members()),
        level,
        name,
        unmet(level, cluster, spread));
  }

  private String name(Level level, int host) {
    String name = hosts.locations[host].domain(level);
    return level == Level.NVLINK_DOMAIN && name.isEmpty() ? hosts.names[host] : name;
  }

  private static List<Rule> unmet(Level level, ClusterShape cluster, @Nullable Spread kept) {
    List<Rule> unmet = new ArrayList<>();
    for (Within rule : cluster.within()) {
      if (level.isWiderThan(rule.level())) {
        unmet.add(rule);
      }
    }
    Spread spread = cluster.spread();
    if (spread != null && kept == null) {
      unmet.add(spread);
    }
    return unmet;
  }

  /** The most instances of such a cluster that one domain of a level could take now. */
  int largest(ClusterShape cluster, Level level, Set<HostId> avoid) {
    fit.ask(cluster.shape(), cluster.onePerHost(), avoid);
    Spread spread = cluster.requiredSpread();
    int instances = fit.largest(level, spread) - cluster.spares();
    return spread != null && instances < spread.minDomains() ? 0 : Math.max(0, instances);
  }

  /** How many domains of a level it would use inside one of a wider level; 0: it has no room. */
  int domainsUsed(ClusterShape cluster, Level wider, Level level, Set<HostId> avoid) {
    ClusterPlacement found = find(cluster.requiredWithin(wider).within(level, PREFERRED), avoid);
    if (found == null) {
      return 0;
    }
    int[] domainOf = domains.of(level);
    return (int)
        found.slots().stream().mapToInt(slot -> domainOf[hosts.placeOf(slot)]).distinct().count();
  }
}
