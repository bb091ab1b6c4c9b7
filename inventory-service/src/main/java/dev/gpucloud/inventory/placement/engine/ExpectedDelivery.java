package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import java.time.LocalDate;

/** Hosts that are ordered but not there yet, and how they will stand together. */
public record ExpectedDelivery(
    String id,
    SiteFacts site,
    String model,
    int hosts,
    int gpusPerHost,
    int hostsPerRack,
    int racksPerFabric,
    int nvlinkDomainGpus,
    LocalDate due) {

  public int gpus() {
    return hosts * gpusPerHost;
  }

  /** Hosts of its fullest domain at a level. */
  int hostsIn(Level level) {
    int domain =
        switch (level) {
          case NVLINK_DOMAIN -> Math.clamp(nvlinkDomainGpus / gpusPerHost, 1, hostsPerRack);
          case RACK -> hostsPerRack;
          case FABRIC -> hostsPerRack * racksPerFabric;
          case HALL, SITE -> hosts;
        };
    return Math.min(hosts, domain);
  }

  /** Whether it has the GPUs for the whole cluster by itself, together and spread as required. */
  boolean takes(ClusterShape cluster) {
    Level level = cluster.required();
    int perHost = perHost(cluster);
    int inDomain = hostsIn(level);
    Spread spread = cluster.requiredSpread();
    if (spread == null) {
      return (long) inDomain * perHost >= cluster.members();
    }
    int inGroup = level.isWiderThan(spread.over()) ? hostsIn(spread.over()) : inDomain;
    int groups = inDomain / inGroup;
    int rest = inDomain % inGroup;
    long room = groups * most(spread, inGroup * perHost) + most(spread, rest * perHost);
    return room >= cluster.members() && groups + (rest > 0 ? 1 : 0) >= spread.minDomains();
  }

  private int perHost(ClusterShape cluster) {
    MigProfile profile = cluster.shape().profile();
    int most =
        profile == null ? gpusPerHost / cluster.shape().gpus() : gpusPerHost * profile.mostPerGpu();
    return cluster.onePerHost() ? Math.min(1, most) : most;
  }

  private static long most(Spread spread, int room) {
    return Math.min(spread.maxPerDomain(), room);
  }
}
