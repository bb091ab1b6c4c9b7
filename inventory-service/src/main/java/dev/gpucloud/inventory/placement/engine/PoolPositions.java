package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;

/**
 * The decisions of a {@link PoolIndex} without an object for each: a host is its position in the
 * order of place and name. For simulations and bulk work; it shares the index's room and rules.
 */
public final class PoolPositions {
  private final HostArrays hosts;
  private final Buckets buckets;
  private final Fit fit;
  private final HostSearch search;
  private final ClusterSearch clusters;
  private long mask;

  PoolPositions(
      HostArrays hosts, Buckets buckets, Fit fit, HostSearch search, ClusterSearch clusters) {
    this.hosts = hosts;
    this.buckets = buckets;
    this.fit = fit;
    this.search = search;
    this.clusters = clusters;
  }

  /** Takes the best-fitting slot; answers its host, or -1. The slot's mask is {@link #mask}. */
  public int place(Shape shape) {
    fit.ask(shape, false, Terms.NONE);
    int at = search.find(fit);
    if (at >= 0) {
      mask = HostSearch.mask(hosts.free(at), fit);
      hosts.take(at, mask, shape.vcpus(), shape.memoryGib());
      buckets.file(at);
    }
    return at;
  }

  /** What {@link #place(Shape)} took last of its host. */
  public long mask() {
    return mask;
  }

  /** Takes the slots of a cluster; answers how many, or 0 when it has no room. */
  public int place(ClusterShape cluster) {
    if (!clusters.choose(cluster, Terms.NONE)) {
      return 0;
    }
    clusters.chosen().take(cluster.shape());
    return clusters.chosen().count();
  }

  /** The host of the n-th slot of the cluster that was placed last. */
  public int clusterHost(int n) {
    return clusters.chosen().place(n);
  }

  /** What the n-th slot of the cluster that was placed last takes of its host. */
  public long clusterMask(int n) {
    return clusters.chosen().mask(n);
  }

  /**
   * Gives the slot of one instance back.
   *
   * @throws IllegalStateException when part of it was not taken
   */
  public void release(int host, long taken, Shape shape) {
    if (!hosts.isTaken(host, taken, shape.vcpus(), shape.memoryGib())) {
      throw new IllegalStateException("slot of host " + hosts.names[host] + " was not taken");
    }
    hosts.give(host, taken, shape.vcpus(), shape.memoryGib());
    buckets.file(host);
  }

  public HostId id(int host) {
    return hosts.ids[host];
  }
}
