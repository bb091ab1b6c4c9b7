package dev.gpucloud.inventory.placement.engine;

/** How the hosts of a cluster stand to each other. */
public sealed interface Rule {
  Strength strength();

  /** All of the cluster inside one domain of a level. */
  record Within(Level level, Strength strength) implements Rule {}

  /**
   * The cluster over several domains of a level: at most {@code maxPerDomain} instances (spares
   * included) in each, and instances in at least {@code minDomains} of them.
   */
  record Spread(Level over, Strength strength, int maxPerDomain, int minDomains) implements Rule {
    public Spread {
      if (over == Level.NVLINK_DOMAIN || over == Level.SITE) {
        throw new IllegalArgumentException("a cluster is spread over racks, fabrics or halls");
      }
      if (maxPerDomain < 1 || minDomains < 1) {
        throw new IllegalArgumentException("maxPerDomain and minDomains are at least 1");
      }
    }

    Spread overAtMost(int domains) {
      return new Spread(over, strength, maxPerDomain, Math.min(minDomains, domains));
    }

    /** No more than {@code instances} in one domain. */
    public static Spread atMost(int instances, Level over, Strength strength) {
      return new Spread(over, strength, instances, 1);
    }

    /** Not all in fewer than {@code domains}. */
    public static Spread overAtLeast(int domains, Level over, Strength strength) {
      return new Spread(over, strength, Integer.MAX_VALUE, domains);
    }
  }
}
