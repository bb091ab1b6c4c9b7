package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.GpuGeometry.ProfileTable;
import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many instances of one shape a host or a domain could take now. Answers are exact: counters
 * are used where they cannot be wrong for the shape, else the hosts are looked at. One object
 * serves one question after the other; {@link #ask} begins a new one.
 */
final class Fit {
  private final HostArrays hosts;
  private final Domains domains;
  private final Neighbours neighbours;
  private final GpuGeometry geometry;
  private int gpus;
  private @Nullable ProfileTable table;
  private int vcpus;
  private int memoryGib;
  private boolean onePerHost;
  private @Nullable BitSet avoided;
  private @Nullable BitSet foreign;
  private @Nullable BitSet outside;
  private boolean counted;

  Fit(HostArrays hosts, Domains domains, Neighbours neighbours, GpuGeometry geometry) {
    this.hosts = hosts;
    this.domains = domains;
    this.neighbours = neighbours;
    this.geometry = geometry;
  }

  void ask(Shape shape, boolean alone, Terms terms) {
    MigProfile profile = shape.profile();
    gpus = shape.gpus();
    table = profile == null ? null : geometry.table(profile);
    vcpus = shape.vcpus();
    memoryGib = shape.memoryGib();
    onePerHost = alone;
    avoided = neighbours.tooNear(terms);
    if (!terms.avoid().isEmpty()) {
      avoided = avoided == null ? new BitSet(hosts.size) : avoided;
      mark(avoided, terms.avoid());
    }
    foreign = neighbours.foreign(terms);
    outside = terms.anchor() == null ? null : domains.outside(terms.anchor());
    counted =
        table == null
            && avoided == null
            && foreign == null
            && outside == null
            && vcpus <= gpus * hosts.vcpusPerGpu
            && memoryGib <= gpus * hosts.memoryGibPerGpu;
  }

  private void mark(BitSet places, Set<HostId> avoid) {
    for (HostId host : avoid) {
      int at = hosts.find(host);
      if (at >= 0) {
        places.set(at);
      }
    }
  }

  int gpus() {
    return gpus;
  }

  @Nullable ProfileTable table() {
    return table;
  }

  /** Whether it is to be avoided, or too near to the group to stand apart from. */
  boolean isAvoided(int at) {
    return avoided != null && avoided.get(at);
  }

  /** Whether dedication forbids it: its own to another tenant, or the one asked for. */
  boolean isForeign(int at) {
    return foreign != null && foreign.get(at);
  }

  /** Whether it is not where the cluster must stay. */
  boolean isOutside(int at) {
    return outside != null && outside.get(at);
  }

  private boolean isBarred(int at) {
    return isAvoided(at) || isForeign(at) || isOutside(at);
  }

  /** Whether processors and memory suffice for one and the host is not barred. */
  boolean hasRest(int at) {
    return hosts.freeVcpus(at) >= vcpus && hosts.freeMemoryGib(at) >= memoryGib && !isBarred(at);
  }

  boolean hasVcpus(int at) {
    return hosts.freeVcpus(at) >= vcpus;
  }

  boolean hasMemory(int at) {
    return hosts.freeMemoryGib(at) >= memoryGib;
  }

  /** Instances that one host could take. */
  int on(int at) {
    if (hosts.whole(at) == HostArrays.CLOSED || isBarred(at)) {
      return 0;
    }
    return limited(byGpus(at), hosts.freeVcpus(at), hosts.freeMemoryGib(at));
  }

  /** Instances that the GPUs of one host could take. */
  int byGpus(int at) {
    if (table != null) {
      return slices(hosts.free(at), table);
    }
    int whole = hosts.whole(at);
    return whole == gpus ? 1 : whole / gpus;
  }

  /** Instances that one host could take if it were open and empty. */
  int onEmpty(int at) {
    int most = table == null ? hosts.gpus(at) / gpus : slices(GpuBits.full(hosts.gpus(at)), table);
    return limited(most, hosts.vcpus(at), hosts.memoryGib(at));
  }

  private int limited(int byGpus, int freeVcpus, int freeMemoryGib) {
    int most = byGpus;
    if (most > 0 && freeVcpus < most * vcpus) {
      most = freeVcpus / vcpus;
    }
    if (most > 0 && freeMemoryGib < most * memoryGib) {
      most = freeMemoryGib / memoryGib;
    }
    return onePerHost && most > 1 ? 1 : most;
  }

  private static int slices(long mask, ProfileTable table) {
    int sum = 0;
    for (long left = mask; left != 0; left >>>= GpuGeometry.BITS_PER_GPU) {
      sum += table.count((int) left & 0xFF);
    }
    return sum;
  }

  /** Instances that the hosts from one up to another could take. */
  int inRange(int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at++) {
      sum += on(at);
    }
    return sum;
  }

  /** Instances that a domain could take. */
  int in(Level level, int domain) {
    int[] starts = domains.starts(level);
    int from = starts[domain];
    int to = starts[domain + 1];
    if (!counted) {
      return inRange(from, to);
    }
    return switch (level) {
      case NVLINK_DOMAIN, RACK -> {
        DomainRanks ranks = fillsHosts() ? domains.ranks(level) : null;
        boolean known = ranks != null && domains.isExact(domains.of(Level.FABRIC)[from]);
        yield known ? ranks.count(domain) : inRange(from, to);
      }
      case FABRIC -> inFabric(domain);
      case HALL, SITE -> {
        int[] fabricOf = domains.of(Level.FABRIC);
        int sum = 0;
        for (int fabric = fabricOf[from]; fabric <= fabricOf[to - 1]; fabric++) {
          sum += inFabric(fabric);
        }
        yield sum;
      }
    };
  }

  private int inFabric(int fabric) {
    if (!domains.isExact(fabric)) {
      int[] starts = domains.starts(Level.FABRIC);
      return inRange(starts[fabric], starts[fabric + 1]);
    }
    int sum = 0;
    for (int free = gpus; free <= hosts.mostGpus; free++) {
      sum += domains.hostsWith(fabric, free) * (onePerHost ? 1 : free / gpus);
    }
    return sum;
  }

  /** Whether each instance fills a host of the pool's largest size. */
  private boolean fillsHosts() {
    return gpus == hosts.mostGpus;
  }

  /** The level's ranking when it says exactly what each domain could take, else null. */
  @Nullable DomainRanks ranks(Level level) {
    return counted && fillsHosts() && domains.isExact() ? domains.ranks(level) : null;
  }

  /** Members of a cluster that a domain could take under a spread; 0 when over too few domains. */
  int in(Level level, int domain, @Nullable Spread spread) {
    if (spread == null) {
      return in(level, domain);
    }
    if (!level.isWiderThan(spread.over())) {
      return spread.minDomains() > 1 ? 0 : Math.min(spread.maxPerDomain(), in(level, domain));
    }
    int[] starts = domains.starts(level);
    int[] groupOf = domains.of(spread.over());
    long sum = 0;
    int groups = 0;
    for (int g = groupOf[starts[domain]]; g <= groupOf[starts[domain + 1] - 1]; g++) {
      int most = Math.min(spread.maxPerDomain(), in(spread.over(), g));
      sum += most;
      groups += most > 0 ? 1 : 0;
    }
    return groups < spread.minDomains() ? 0 : (int) sum;
  }

  /** The most members of a cluster that one domain of a level could take. */
  int largest(Level level, @Nullable Spread spread) {
    DomainRanks ranks = spread == null ? ranks(level) : null;
    if (ranks != null) {
      return ranks.most();
    }
    int most = 0;
    for (int d = 0; d < domains.count(level); d++) {
      most = Math.max(most, in(level, d, spread));
    }
    return most;
  }

  /**
   * The domain with the least room that still takes so many members, of equals the first; -1 when
   * none does.
   */
  int tightest(Level level, int members, @Nullable Spread spread) {
    DomainRanks ranks = spread == null ? ranks(level) : null;
    if (ranks != null) {
      return ranks.fullestWith(members);
    }
    if ((long) domains.mostHosts(level) * instancesPerHost() < members) {
      return -1;
    }
    int best = -1;
    int least = Integer.MAX_VALUE;
    for (int d = 0; d < domains.count(level); d++) {
      int room = in(level, d, spread);
      if (room >= members && room < least) {
        best = d;
        least = room;
      }
    }
    return best;
  }

  /** An upper bound of what one host takes. */
  private int instancesPerHost() {
    if (onePerHost) {
      return 1;
    }
    return table == null ? hosts.mostGpus / gpus : hosts.mostGpus * table.count(0xFF);
  }
}
