package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private Neighbours neighbours;
  private Fit fit;
  private HostSearch search;
  private ClusterSearch clusters;
  private Explanation explanation;

  public PoolIndex(GpuGeometry geometry, Collection<HostSlots> hosts) {
    this.geometry = geometry;
    this.hosts = new HostArrays(hosts);
    this.domains = new Domains(this.hosts);
    this.buckets = new Buckets(this.hosts, domains, geometry);
    this.neighbours = new Neighbours(this.hosts, domains);
    for (HostSlots host : hosts) {
      int at = this.hosts.find(host.id());
      host.marks().forEach(mark -> neighbours.add(at, mark));
    }
    this.fit = new Fit(this.hosts, domains, neighbours, geometry);
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
    neighbours = other.neighbours;
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

  /** Whether a host takes new instances; an unknown host does not. */
  boolean isOpen(HostId host) {
    int at = hosts.find(host);
    return at >= 0 && hosts.isOpen(at);
  }

  /** Takes the best-fitting slot, or nothing when no host of the pool has room. */
  public Optional<Slot> place(Shape shape) {
    return place(shape, Terms.NONE);
  }

  /** Takes the best-fitting slot on a host that the terms allow. */
  public Optional<Slot> place(Shape shape, Terms terms) {
    int at = find(shape, terms);
    if (at < 0) {
      return Optional.empty();
    }
    Slot slot = slot(at, shape, terms.mark());
    take(at, slot);
    return Optional.of(slot);
  }

  private void take(int at, Slot slot) {
    hosts.take(at, slot.mask(), slot.vcpus(), slot.memoryGib());
    buckets.file(at);
    neighbours.add(at, slot.mark());
  }

  /**
   * Takes more whole GPUs of a host for an instance that is on it, with the processors and memory
   * that its new shape has more; nothing when the host has no room for them.
   */
  public Optional<Slot> grow(HostId host, Shape now, Shape wanted) {
    int at = hosts.find(host);
    int more = wanted.gpus() - now.gpus();
    if (at < 0 || !hosts.isOpen(at) || more < 0) {
      return Optional.empty();
    }
    int whole = GpuBits.wholeGpus(hosts.free(at));
    if (Integer.bitCount(whole) < more) {
      return Optional.empty();
    }
    Slot slot =
        new Slot(
            host,
            GpuBits.maskOf(GpuBits.pick(whole, more)),
            wanted.vcpus() - now.vcpus(),
            wanted.memoryGib() - now.memoryGib());
    if (!hosts.isFree(at, slot)) {
      return Optional.empty();
    }
    take(slot);
    return Optional.of(slot);
  }

  /** What {@link #place(Shape)} would take now, without taking it. */
  public Optional<Slot> tryPlace(Shape shape) {
    return tryPlace(shape, Terms.NONE);
  }

  /** What {@link #place(Shape, Terms)} would take now, without taking it. */
  public Optional<Slot> tryPlace(Shape shape, Terms terms) {
    int at = find(shape, terms);
    return at < 0 ? Optional.empty() : Optional.of(slot(at, shape, terms.mark()));
  }

  /** The host for one, or -1; what is only preferred is given up step by step for want of one. */
  private int find(Shape shape, Terms terms) {
    fit.ask(shape, false, terms);
    int at = search.find(fit);
    Terms less = terms;
    for (Terms next = less.relaxed(); at < 0 && next != less; next = less.relaxed()) {
      less = next;
      fit.ask(shape, false, less);
      at = search.find(fit);
    }
    return at;
  }

  private Slot slot(int at, Shape shape, @Nullable Mark mark) {
    long mask = HostSearch.mask(hosts.free(at), fit);
    return new Slot(hosts.ids[at], mask, shape.vcpus(), shape.memoryGib(), mark);
  }

  /** Takes all slots of a cluster, or none when it has no room in this pool. */
  public Optional<ClusterPlacement> place(ClusterShape cluster, Terms terms) {
    ClusterPlacement found = clusters.find(cluster, terms);
    if (found != null) {
      clusters.chosen().take(cluster.shape());
      if (terms.mark() != null) {
        found.slots().forEach(slot -> neighbours.add(hosts.placeOf(slot), slot.mark()));
      }
    }
    return Optional.ofNullable(found);
  }

  /** What {@link #place(ClusterShape, Terms)} would take now, without taking it. */
  public Optional<ClusterPlacement> tryPlace(ClusterShape cluster, Terms terms) {
    return Optional.ofNullable(clusters.find(cluster, terms));
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
    take(at, slot);
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
    neighbours.remove(at, slot.mark());
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
    return placeable(shape, Terms.NONE);
  }

  /**
   * How many instances of this shape would fit now under the terms, one after the other: apart from
   * each other as well when that is required.
   */
  public int placeable(Shape shape, Terms terms) {
    Apart apart = terms.required().apart();
    fit.ask(shape, apart != null && apart.over() == Apart.Over.HOST, terms.required());
    if (apart == null || apart.over() == Apart.Over.HOST) {
      return fit.largest(Level.SITE, null);
    }
    int racks = 0;
    for (int rack = 0; rack < domains.count(Level.RACK); rack++) {
      racks += fit.in(Level.RACK, rack) > 0 ? 1 : 0;
    }
    return racks;
  }

  /** How many instances of this shape would fit on the hosts if they were open and empty. */
  public int placeableWhenEmpty(Shape shape) {
    fit.ask(shape, false, Terms.NONE);
    int sum = 0;
    for (int at = 0; at < hosts.size; at++) {
      sum += fit.onEmpty(at);
    }
    return sum;
  }

  /** The most instances of a shape that would fit now inside one domain of a level. */
  public int largestCluster(Shape shape, Level level) {
    return largestCluster(shape, level, Terms.NONE);
  }

  /** The most instances of a shape that the terms allow now inside one domain of a level. */
  public int largestCluster(Shape shape, Level level, Terms terms) {
    fit.ask(shape, false, terms);
    return fit.largest(level, null);
  }

  /**
   * The most instances that such a cluster could have now inside one domain of a level, with its
   * spares and its required spread, whatever number it names itself.
   */
  public int largestCluster(ClusterShape cluster, Level level, Terms terms) {
    return clusters.largest(cluster, level, terms);
  }

  /** How many domains of {@code level} the cluster would use inside one of {@code wider}, or 0. */
  int domainsUsed(ClusterShape cluster, Level wider, Level level, Terms terms) {
    return clusters.domainsUsed(cluster, wider, level, terms);
  }

  /** Host by host, the first constraint that removes it. */
  public Tally explain(Shape shape) {
    return explain(shape, Terms.NONE);
  }

  /** Host by host, the first constraint that removes it. */
  public Tally explain(Shape shape, Terms terms) {
    return explanation.of(shape, terms);
  }

  /** Host by host, the first constraint that removes it from what the cluster could use. */
  public Tally explain(ClusterShape cluster, Terms terms) {
    return explanation.of(cluster, terms);
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
    return hosts.snapshot(neighbours);
  }

  /** Room of a pool: slices are eighths of a GPU; free ones are those of hosts that are open. */
  public record Room(int hosts, long totalSlices, long freeSlices, int wholeGpusFree) {}
}
