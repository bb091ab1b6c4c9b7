package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import org.jspecify.annotations.Nullable;

/** Host by host, the first constraint that removes it; one pass over the hosts of the pool. */
final class Explanation {
  private final HostArrays hosts;
  private final Domains domains;
  private final Fit fit;

  Explanation(HostArrays hosts, Domains domains, Fit fit) {
    this.hosts = hosts;
    this.domains = domains;
    this.fit = fit;
  }

  Tally of(Shape shape, Terms terms) {
    fit.ask(shape, false, terms.required());
    Counts counts = new Counts();
    for (int at = 0; at < hosts.size; at++) {
      counts.add(obstacle(at, null, null));
    }
    return counts.tally();
  }

  Tally of(ClusterShape cluster, Terms terms) {
    fit.ask(cluster.shape(), cluster.onePerHost(), terms.required());
    Counts counts = new Counts();
    Level level = cluster.required();
    int[] starts = domains.starts(level);
    for (int d = 0; d < domains.count(level); d++) {
      boolean small = roomIfEmpty(starts[d], starts[d + 1]) < cluster.members();
      Constraint size = small ? Constraint.size(level) : null;
      Constraint room = small ? size : missing(cluster, level, d);
      for (int at = starts[d]; at < starts[d + 1]; at++) {
        counts.add(obstacle(at, size, room));
      }
    }
    return counts.tally();
  }

  private long roomIfEmpty(int from, int to) {
    long sum = 0;
    for (int at = from; at < to; at++) {
      sum += fit.onEmpty(at);
    }
    return sum;
  }

  private @Nullable Constraint missing(ClusterShape cluster, Level level, int domain) {
    Spread spread = cluster.requiredSpread();
    if (fit.in(level, domain) < cluster.members()) {
      return Constraint.room(level);
    }
    boolean spreads = spread == null || fit.in(level, domain, spread) >= cluster.members();
    return spreads ? null : Constraint.SPREAD;
  }

  private @Nullable Constraint obstacle(
      int at, @Nullable Constraint size, @Nullable Constraint room) {
    if (fit.isOutside(at)) {
      return Constraint.CLUSTER_DOMAIN;
    }
    if (!hosts.isOpen(at)) {
      return Constraint.HOST_STATE;
    }
    if (fit.onEmpty(at) == 0) {
      return Constraint.HOST_SIZE;
    }
    if (size != null) {
      return size;
    }
    if (fit.isForeign(at)) {
      return Constraint.DEDICATED_HOST;
    }
    if (fit.isAvoided(at)) {
      return Constraint.ANTI_AFFINITY;
    }
    if (fit.byGpus(at) == 0) {
      return Constraint.GPUS;
    }
    if (!fit.hasVcpus(at)) {
      return Constraint.VCPUS;
    }
    return fit.hasMemory(at) ? room : Constraint.MEMORY;
  }

  /** Counts by constraint; the last one counts the hosts that none removes. */
  private static final class Counts {
    private static final Constraint[] ALL = Constraint.values();
    private final int[] counts = new int[ALL.length + 1];

    void add(@Nullable Constraint constraint) {
      counts[constraint == null ? ALL.length : constraint.ordinal()]++;
    }

    Tally tally() {
      Tally tally = new Tally();
      for (Constraint constraint : ALL) {
        tally.remove(constraint, counts[constraint.ordinal()]);
      }
      tally.keep(counts[ALL.length]);
      return tally;
    }
  }
}
