package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The free room of one pool (the GPUs of one model at one site) with best-fit decisions for single
 * instances and clusters. Hosts are numbers in the order of where they stand, columns are primitive
 * arrays, and sets of hosts have summaries, so a decision costs about the same in a pool of any
 * size. Not safe for several threads: the pool's owner serialises its use.
 */
public final class PoolIndex {
  private final GpuGeometry geometry;
  private HostArrays hosts;
  private Domains domains;
  private Buckets buckets;
  private Fit fit;
  private HostSearch search;
  private ClusterSearch clusters;
  private Explanation explanation;

  public PoolIndex(GpuGeometry geometry, Collection<HostSlots> hosts) {
    this.geometry = geometry;
    this.hosts = new HostArrays(hosts);
    this.domains = new Domains(this.hosts);
    this.buckets = new Buckets(this.hosts, domains, geometry);
    this.fit = new Fit(this.hosts, domains, geometry);
    this.search = new HostSearch(this.hosts, domains, buckets);
    this.clusters = new ClusterSearch(this.hosts, domains, buckets, fit);
    this.explanation = new Explanation(this.hosts, domains, fit);
  }

  /** Replaces everything by what the rows say. */
  public void rebuild(Collection<HostSlots> rows) {
    PoolIndex other = new PoolIndex(geometry, rows);
    hosts = other.hosts;
    domains = other.domains;
    buckets = other.buckets;
    fit = other.fit;
    search = other.search;
    clusters = other.clusters;
    explanation = other.explanation;
  }

  public GpuGeometry geometry() {
    return geometry;
  }

  public int hosts() {
    return hosts.size;
  }

  /** Opens or closes a host for new instances; an unknown host is ignored. */
  public void setOpen(HostId host, boolean isOpen) {
    int at = hosts.find(host);
    if (at >= 0) {
      hosts.setOpen(at, isOpen);
      buckets.file(at);
    }
  }

  /** Takes the best-fitting slot, or nothing when no host of the pool has room. */
  public Optional<Slot> place(Shape shape) {
    return place(shape, Set.of());
  }

  /** Takes the best-fitting slot on a host that is not to be avoided. */
  public Optional<Slot> place(Shape shape, Set<HostId> avoid) {
    fit.ask(shape, false, avoid);
    int at = search.find(fit);
    if (at < 0) {
      return Optional.empty();
    }
    Slot slot = slot(at, shape);
    hosts.take(at, slot.mask(), slot.vcpus(), slot.memoryGib());
    buckets.file(at);
    return Optional.of(slot);
  }

  /** What {@link #place(Shape)} would take now, without taking it. */
  public Optional<Slot> tryPlace(Shape shape) {
    return tryPlace(shape, Set.of());
  }

  /** What {@link #place(Shape, Set)} would take now, without taking it. */
  public Optional<Slot> tryPlace(Shape shape, Set<HostId> avoid) {
    fit.ask(shape, false, avoid);
    int at = search.find(fit);
    return at < 0 ? Optional.empty() : Optional.of(slot(at, shape));
  }

  private Slot slot(int at, Shape shape) {
    long mask = HostSearch.mask(hosts.free(at), fit);
    return new Slot(hosts.ids[at], mask, shape.vcpus(), shape.memoryGib());
  }

  /** Takes all slots of a cluster, or none when it has no room in this pool. */
  public Optional<ClusterPlacement> place(ClusterShape cluster, Set<HostId> avoid) {
    ClusterPlacement found = clusters.find(cluster, avoid);
    if (found != null) {
      clusters.chosen().take(cluster.shape());
    }
    return Optional.ofNullable(found);
  }

  /** What {@link #place(ClusterShape, Set)} would take now, without taking it. */
  public Optional<ClusterPlacement> tryPlace(ClusterShape cluster, Set<HostId> avoid) {
    return Optional.ofNullable(clusters.find(cluster, avoid));
  }

  /**
   * Takes a slot that was decided before.
   *
   * @throws IllegalStateException when part of it is taken
   */
  public void take(Slot slot) {
    int at = hosts.placeOf(slot);
    if (!hosts.isFree(at, slot)) {
      throw new IllegalStateException("slot of host " + hosts.names[at] + " is not free");
    }
    hosts.take(at, slot.mask(), slot.vcpus(), slot.memoryGib());
    buckets.file(at);
  }

  /**
   * Gives a slot back.
   *
   * @throws IllegalStateException when part of it was not taken
   */
  public void release(Slot slot) {
    int at = hosts.placeOf(slot);
    if (!hosts.isTaken(at, slot.mask(), slot.vcpus(), slot.memoryGib())) {
      throw new IllegalStateException("slot of host " + hosts.names[at] + " was not taken");
    }
    hosts.give(at, slot.mask(), slot.vcpus(), slot.memoryGib());
    buckets.file(at);
  }

  /**
   * Takes all slots of a cluster that was decided before.
   *
   * @throws IllegalStateException when part of one is taken; then none is
   */
  public void take(ClusterPlacement cluster) {
    List<Slot> slots = cluster.slots();
    for (int n = 0; n < slots.size(); n++) {
      try {
        take(slots.get(n));
      } catch (IllegalStateException e) {
        slots.subList(0, n).forEach(this::release);
        throw e;
      }
    }
  }

  /**
   * Gives all slots of a cluster back.
   *
   * @throws IllegalStateException when part of one was not taken; then none is given back
   */
  public void release(ClusterPlacement cluster) {
    List<Slot> slots = cluster.slots();
    for (int n = 0; n < slots.size(); n++) {
      try {
        release(slots.get(n));
      } catch (IllegalStateException e) {
        slots.subList(0, n).forEach(this::take);
        throw e;
      }
    }
  }

  /** This index with hosts as numbers; good until {@link #rebuild}. */
  public PoolPositions positions() {
    return new PoolPositions(hosts, buckets, fit, search, clusters);
  }

  /** How many instances of this shape would fit now, one after the other. */
  public int placeable(Shape shape) {
    return placeable(shape, Set.of());
  }

  /** How many instances of this shape would fit now on hosts that are not to be avoided. */
  public int placeable(Shape shape, Set<HostId> avoid) {
    fit.ask(shape, false, avoid);
    return fit.largest(Level.SITE, null);
  }

  /** The most instances of a shape that would fit now inside one domain of a level. */
  public int largestCluster(Shape shape, Level level) {
    fit.ask(shape, false, Set.of());
    return fit.largest(level, null);
  }

  /**
   * The most instances that such a cluster could have now inside one domain of a level, with its
   * spares and its required spread, whatever number it names itself.
   */
  public int largestCluster(ClusterShape cluster, Level level, Set<HostId> avoid) {
    return clusters.largest(cluster, level, avoid);
  }

  /** How many domains of {@code level} the cluster would use inside one of {@code wider}, or 0. */
  int domainsUsed(ClusterShape cluster, Level wider, Level level, Set<HostId> avoid) {
    return clusters.domainsUsed(cluster, wider, level, avoid);
  }

  /** Host by host, the first constraint that removes it. */
  public Tally explain(Shape shape) {
    return explain(shape, Set.of());
  }

  /** Host by host, the first constraint that removes it. */
  public Tally explain(Shape shape, Set<HostId> avoid) {
    return explanation.of(shape, avoid);
  }

  /** Host by host, the first constraint that removes it from what the cluster could use. */
  public Tally explain(ClusterShape cluster, Set<HostId> avoid) {
    return explanation.of(cluster, avoid);
  }

  /** Totals of the pool in memory slices and hosts. */
  public Room room() {
    long total = 0;
    long freeSlices = 0;
    int wholeFree = 0;
    for (int at = 0; at < hosts.size; at++) {
      total += (long) hosts.gpus(at) * GpuGeometry.BITS_PER_GPU;
      if (hosts.isOpen(at)) {
        freeSlices += GpuBits.slices(hosts.free(at));
        wholeFree += hosts.whole(at);
      }
    }
    return new Room(hosts.size, total, freeSlices, wholeFree);
  }

  /** The hosts as they are now, by place and name. */
  public List<HostSlots> snapshot() {
    return hosts.snapshot();
  }

  /** Room of a pool: slices are eighths of a GPU; free ones are those of hosts that are open. */
  public record Room(int hosts, long totalSlices, long freeSlices, int wholeGpusFree) {}
}
