package dev.gpucloud.inventory.placement.engine;

import static dev.gpucloud.inventory.placement.engine.Strength.PREFERRED;

import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import dev.gpucloud.inventory.placement.engine.Rule.Within;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the hosts of a cluster. Levels are tried from the narrowest one named to the widest one
 * allowed, at each first with a preferred spread and then without it; there the domain with the
 * least room that suffices is taken, and in it the fullest racks first. When a narrower level was
 * wished for in vain, as few of its domains as can be are used.
 */
final class ClusterSearch {
  private static final Level[] LEVELS = Level.values();

  private final HostArrays hosts;
  private final Domains domains;
  private final Fit fit;
  private final Chosen chosen;
  private Level level = Level.SITE;
  private int domain;
  private @Nullable Spread kept;

  ClusterSearch(HostArrays hosts, Domains domains, Buckets buckets, Fit fit) {
    this.hosts = hosts;
    this.domains = domains;
    this.fit = fit;
    this.chosen = new Chosen(hosts, domains, buckets, fit);
  }

  /** Where the cluster would go now, or null. */
  @Nullable ClusterPlacement find(ClusterShape cluster, Terms terms) {
    return choose(cluster, terms) ? placement(cluster, terms.mark()) : null;
  }

  /** Whether the cluster has room now; its slots are then {@link #chosen}. */
  boolean choose(ClusterShape cluster, Terms terms) {
    fit.ask(cluster.shape(), cluster.onePerHost(), terms);
    int widest = cluster.required().ordinal();
    for (int n = cluster.narrowest().ordinal(); n <= widest; n++) {
      if (choose(LEVELS[n], cluster)) {
        return true;
      }
    }
    return false;
  }

  private boolean choose(Level at, ClusterShape cluster) {
    Spread spread = cluster.spread();
    int in = fit.tightest(at, cluster.members(), spread);
    if (in < 0 && spread != null && spread.strength() == PREFERRED) {
      spread = null;
      in = fit.tightest(at, cluster.members(), null);
    }
    if (in < 0) {
      return false;
    }
    level = at;
    domain = in;
    kept = spread;
    chosen.begin(cluster.members());
    if (spread != null && at.isWiderThan(spread.over())) {
      chosen.spread(at, in, cluster, spread);
    } else if (at.isWiderThan(cluster.narrowest())) {
      chosen.gather(at, in, cluster.narrowest(), cluster.members());
    } else {
      chosen.fill(at, in, cluster.members());
    }
    return true;
  }

  /** The slots of the cluster that {@link #choose} has just chosen. */
  Chosen chosen() {
    return chosen;
  }

  private ClusterPlacement placement(ClusterShape cluster, @Nullable Mark mark) {
    return new ClusterPlacement(
        chosen.slots(cluster.shape(), mark, 0, cluster.instances()),
        chosen.slots(cluster.shape(), mark, cluster.instances(), cluster.members()),
        level,
        hosts.domain(domains.starts(level)[domain], level),
        unmet(cluster));
  }

  private List<Rule> unmet(ClusterShape cluster) {
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
  int largest(ClusterShape cluster, Level inOne, Terms terms) {
    fit.ask(cluster.shape(), cluster.onePerHost(), terms);
    Spread spread = cluster.requiredSpread();
    int instances = fit.largest(inOne, spread) - cluster.spares();
    return spread != null && instances < spread.minDomains() ? 0 : Math.max(0, instances);
  }

  /** How many domains of a level it would use inside one of a wider level; 0: it has no room. */
  int domainsUsed(ClusterShape cluster, Level wider, Level narrow, Terms terms) {
    ClusterPlacement found = find(cluster.requiredWithin(wider).within(narrow, PREFERRED), terms);
    if (found == null) {
      return 0;
    }
    int[] domainOf = domains.of(narrow);
    return (int)
        found.slots().stream().mapToInt(slot -> domainOf[hosts.placeOf(slot)]).distinct().count();
  }
}
