package dev.gpucloud.inventory.placement.engine;

/**
 * The domains of a level in the order of how many entirely free hosts they have, fewest first, of
 * equals the first: one set of {@code count * domains + domain}.
 */
final class DomainRanks {
  private final int domains;
  private final int[] counts;
  private final HostSet ranks;

  DomainRanks(int[] starts) {
    domains = starts.length - 1;
    counts = new int[domains];
    int most = 0;
    for (int d = 0; d < domains; d++) {
      most = Math.max(most, starts[d + 1] - starts[d]);
    }
    ranks = new HostSet((most + 1) * domains);
    for (int d = 0; d < domains; d++) {
      ranks.add(d);
    }
  }

  void change(int domain, int by) {
    int count = counts[domain];
    ranks.remove(count * domains + domain);
    ranks.add((count + by) * domains + domain);
    counts[domain] = count + by;
  }

  int count(int domain) {
    return counts[domain];
  }

  /** The fullest domain that still has {@code count} entirely free hosts, or -1. */
  int fullestWith(int count) {
    if (domains == 0 || (long) count * domains > Integer.MAX_VALUE) {
      return -1;
    }
    int rank = ranks.next(count * domains);
    return rank < 0 ? -1 : rank % domains;
  }

  /** The most entirely free hosts of one domain. */
  int most() {
    return domains == 0 ? 0 : ranks.last() / domains;
  }
}
