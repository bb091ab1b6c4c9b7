package dev.gpucloud.inventory.placement.engine;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The domains of a pool at each level as ranges of neighbouring hosts, with counters of what is
 * free: per fabric how many open hosts have f wholly free GPUs, and the fabrics and racks ranked by
 * their entirely free hosts. A host that has less processors or memory left than usual for its free
 * GPUs is short; where there is one, the counters are only an upper bound.
 */
final class Domains {
  private static final Level[] LEVELS = Level.values();
  private static final int STRIDE = 4;

  private final int[][] of = new int[LEVELS.length][];
  private final int[][] starts = new int[LEVELS.length][];
  private final HostArrays hosts;
  private final int full;
  private final boolean nvlinkIsRack;
  private final int[] byFree;
  private final int[] shortHosts;
  private int allShort;
  private final DomainRanks fabrics;
  private final DomainRanks racks;

  Domains(HostArrays hosts) {
    this.hosts = hosts;
    full = hosts.mostGpus;
    for (Level level : LEVELS) {
      divide(hosts, level);
    }
    for (int at = 0; at < hosts.size; at++) {
      hosts.setDomains(at, of(Level.RACK)[at], of(Level.FABRIC)[at]);
    }
    nvlinkIsRack = Arrays.equals(of(Level.NVLINK_DOMAIN), of(Level.RACK));
    byFree = new int[count(Level.FABRIC) + 1 << STRIDE];
    shortHosts = new int[count(Level.FABRIC)];
    fabrics = new DomainRanks(starts(Level.FABRIC));
    racks = new DomainRanks(starts(Level.RACK));
  }

  private void divide(HostArrays hosts, Level level) {
    int[] domainOf = new int[hosts.size];
    int[] begins = new int[hosts.size + 1];
    int domains = 0;
    for (int at = 0; at < hosts.size; at++) {
      if (at == 0 || isBorder(hosts.locations[at - 1], hosts.locations[at], level)) {
        begins[domains++] = at;
      }
      domainOf[at] = domains - 1;
    }
    begins[domains] = hosts.size;
    of[level.ordinal()] = domainOf;
    starts[level.ordinal()] = Arrays.copyOf(begins, domains + 1);
  }

  private static boolean isBorder(Location left, Location right, Level level) {
    if (level == Level.NVLINK_DOMAIN && right.nvlinkDomain().isEmpty()) {
      return true;
    }
    for (int wider = level.ordinal(); wider < LEVELS.length; wider++) {
      if (!left.domain(LEVELS[wider]).equals(right.domain(LEVELS[wider]))) {
        return true;
      }
    }
    return false;
  }

  /** The domain of each host. */
  int[] of(Level level) {
    return of[level.ordinal()];
  }

  /** The first host of each domain, and the number of hosts behind the last. */
  int[] starts(Level level) {
    return starts[level.ordinal()];
  }

  int count(Level level) {
    return starts(level).length - 1;
  }

  /** The most hosts that one domain has. */
  int mostHosts(Level level) {
    int[] begins = starts(level);
    int most = 0;
    for (int d = 0; d + 1 < begins.length; d++) {
      most = Math.max(most, begins[d + 1] - begins[d]);
    }
    return most;
  }

  /** The hosts where an anchor does not hold; null when it holds everywhere in the pool. */
  @Nullable BitSet outside(Anchor anchor) {
    if (anchor.narrowest() == Level.SITE) {
      return null;
    }
    BitSet outside = new BitSet(hosts.size);
    outside.set(0, hosts.size);
    int[] domainOf = of(anchor.narrowest());
    int[] begins = starts(anchor.narrowest());
    for (int at = 0; at < hosts.size; at++) {
      if (hosts.domain(at, anchor.level()).equals(anchor.domain())) {
        outside.clear(begins[domainOf[at]], begins[domainOf[at] + 1]);
      }
    }
    return outside;
  }

  /** Counts a host under another number of wholly free GPUs; -1 is a closed host. */
  void move(int at, int from, int to) {
    int fabric = hosts.fabric(at);
    int row = fabric << STRIDE;
    if (from >= 0) {
      byFree[row + from]--;
    }
    if (to >= 0) {
      byFree[row + to]++;
    }
    if (from == full) {
      fabrics.change(fabric, -1);
      racks.change(hosts.rack(at), -1);
    } else if (to == full) {
      fabrics.change(fabric, 1);
      racks.change(hosts.rack(at), 1);
    }
  }

  void changeShort(int at, int by) {
    shortHosts[hosts.fabric(at)] += by;
    allShort += by;
  }

  /** Whether the counters of a fabric say exactly what is free. */
  boolean isExact(int fabric) {
    return shortHosts[fabric] == 0;
  }

  boolean isExact() {
    return allShort == 0;
  }

  /** Open hosts of a fabric with so many wholly free GPUs. */
  int hostsWith(int fabric, int freeGpus) {
    return byFree[(fabric << STRIDE) + freeGpus];
  }

  /** Entirely free hosts of a rack, of the pool's largest size. */
  int fullInRack(int rack) {
    return racks.count(rack);
  }

  /** The ranking of a level's domains by entirely free hosts, or null where none is kept. */
  @Nullable DomainRanks ranks(Level level) {
    return switch (level) {
      case NVLINK_DOMAIN -> nvlinkIsRack ? racks : null;
      case RACK -> racks;
      case FABRIC -> fabrics;
      case HALL, SITE -> null;
    };
  }

  /**
   * Where to break into an entirely free host: the first host of the fullest rack of the fullest
   * fabric that have one; -1 when none has. The host may still be short.
   */
  int toOpen(HostSet fullHosts) {
    int fabric = fabrics.fullestWith(1);
    if (fabric < 0) {
      return -1;
    }
    int[] begins = starts(Level.FABRIC);
    int last = hosts.rack(begins[fabric + 1] - 1);
    int best = -1;
    int fewest = Integer.MAX_VALUE;
    for (int rack = hosts.rack(begins[fabric]); rack <= last; rack++) {
      int free = racks.count(rack);
      if (free > 0 && free < fewest) {
        best = rack;
        fewest = free;
      }
    }
    return fullHosts.next(starts(Level.RACK)[best]);
  }
}
