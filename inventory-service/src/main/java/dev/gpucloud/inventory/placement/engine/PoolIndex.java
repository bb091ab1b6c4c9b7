package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.GpuGeometry.ProfileTable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The free room of one pool (the GPUs of one model at one site) with best-fit decisions. Hosts sit
 * in buckets: by the number of wholly free GPUs, and for every MIG profile by the tightest split
 * GPU that takes it; a decision looks into the tightest bucket first. Not safe for several threads:
 * the pool's owner serialises its use.
 */
public final class PoolIndex {
  private static final int GPUS = 8;
  private static final int CLOSED = -1;

  private final GpuGeometry geometry;
  private final ProfileTable[] tables;
  private final BitSet[] byWholeGpus = bitSets(GPUS + 1);
  private final BitSet[][] byTightness;
  private final Map<HostId, Integer> places = new HashMap<>();

  private HostId[] ids;
  private String[] names;
  private boolean[] open;
  private int[] gpus;
  private long[] free;
  private int[] vcpus;
  private int[] memoryGib;
  private int[] freeVcpus;
  private int[] freeMemoryGib;
  private int[] whole;
  private int[][] tightness;
  private int size;

  public PoolIndex(GpuGeometry geometry, Collection<HostSlots> hosts) {
    this.geometry = geometry;
    this.tables = geometry.tables().toArray(ProfileTable[]::new);
    this.byTightness = new BitSet[tables.length][];
    Arrays.setAll(byTightness, p -> bitSets(GPUS));
    load(hosts);
  }

  private void load(Collection<HostSlots> hosts) {
    List<HostSlots> sorted = hosts.stream().sorted(Comparator.comparing(HostSlots::name)).toList();
    int n = sorted.size();
    for (BitSet bucket : byWholeGpus) {
      bucket.clear();
    }
    for (BitSet[] buckets : byTightness) {
      for (BitSet bucket : buckets) {
        bucket.clear();
      }
    }
    places.clear();
    ids = new HostId[n];
    names = new String[n];
    open = new boolean[n];
    gpus = new int[n];
    free = new long[n];
    vcpus = new int[n];
    memoryGib = new int[n];
    freeVcpus = new int[n];
    freeMemoryGib = new int[n];
    whole = new int[n];
    tightness = new int[n][tables.length];
    size = n;
    for (int at = 0; at < n; at++) {
      HostSlots host = sorted.get(at);
      if (places.put(host.id(), at) != null || (at > 0 && names[at - 1].equals(host.name()))) {
        throw new IllegalArgumentException("host " + host.name() + " is there twice");
      }
      whole[at] = CLOSED;
      Arrays.fill(tightness[at], CLOSED);
      set(at, host);
    }
  }

  private void set(int at, HostSlots host) {
    ids[at] = host.id();
    names[at] = host.name();
    open[at] = host.open();
    gpus[at] = host.gpus();
    free[at] = host.freeMask();
    vcpus[at] = host.vcpus();
    memoryGib[at] = host.memoryGib();
    freeVcpus[at] = host.freeVcpus();
    freeMemoryGib[at] = host.freeMemoryGib();
    file(at);
  }

  /** Replaces everything by what the rows say. */
  public void rebuild(Collection<HostSlots> hosts) {
    load(hosts);
  }

  public GpuGeometry geometry() {
    return geometry;
  }

  public int hosts() {
    return size;
  }

  /** Opens or closes a host for new instances; an unknown host is ignored. */
  public void setOpen(HostId host, boolean isOpen) {
    Integer at = places.get(host);
    if (at != null) {
      open[at] = isOpen;
      file(at);
    }
  }

  /** Takes the best-fitting slot, or nothing when no host of the pool has room. */
  public Optional<Slot> place(Shape shape) {
    Slot slot = find(shape);
    if (slot != null) {
      take(slot);
    }
    return Optional.ofNullable(slot);
  }

  /** What {@link #place} would take now, without taking it. */
  public Optional<Slot> tryPlace(Shape shape) {
    return Optional.ofNullable(find(shape));
  }

  private @Nullable Slot find(Shape shape) {
    MigProfile profile = shape.profile();
    if (profile == null) {
      int at = firstWithWhole(shape.gpus(), shape);
      if (at < 0) {
        return null;
      }
      long mask = GpuBits.maskOf(GpuBits.pick(GpuBits.wholeGpus(free[at]), shape.gpus()));
      return slot(at, mask, shape);
    }
    ProfileTable table = geometry.table(profile);
    for (int left = 1; left < GPUS; left++) {
      int at = firstOpen(byTightness[table.index()][left], shape);
      if (at >= 0) {
        return slot(at, sliceMask(at, table, left), shape);
      }
    }
    int at = firstWithWhole(1, shape);
    if (at < 0) {
      return null;
    }
    int gpu = Integer.numberOfTrailingZeros(GpuBits.pick(GpuBits.wholeGpus(free[at]), 1));
    return slot(at, (long) table.pick(0xFF) << (gpu * GPUS), shape);
  }

  private int firstWithWhole(int wanted, Shape shape) {
    for (int n = wanted; n <= GPUS; n++) {
      int at = firstOpen(byWholeGpus[n], shape);
      if (at >= 0) {
        return at;
      }
    }
    return -1;
  }

  private int firstOpen(BitSet bucket, Shape shape) {
    for (int at = bucket.nextSetBit(0); at >= 0; at = bucket.nextSetBit(at + 1)) {
      if (freeVcpus[at] >= shape.vcpus() && freeMemoryGib[at] >= shape.memoryGib()) {
        return at;
      }
    }
    return -1;
  }

  private long sliceMask(int at, ProfileTable table, int left) {
    for (int gpu = 0; gpu < gpus[at]; gpu++) {
      int freeByte = GpuBits.byteOf(free[at], gpu);
      if (Integer.bitCount(freeByte) == left && table.pick(freeByte) != 0) {
        return (long) table.pick(freeByte) << (gpu * GPUS);
      }
    }
    throw new IllegalStateException("bucket and mask of host " + names[at] + " disagree");
  }

  private Slot slot(int at, long mask, Shape shape) {
    return new Slot(ids[at], mask, shape.vcpus(), shape.memoryGib());
  }

  /**
   * Takes a slot that was decided before.
   *
   * @throws IllegalStateException when part of it is taken
   */
  public void take(Slot slot) {
    int at = placeOf(slot);
    if ((free[at] & slot.mask()) != slot.mask()
        || freeVcpus[at] < slot.vcpus()
        || freeMemoryGib[at] < slot.memoryGib()) {
      throw new IllegalStateException("slot of host " + names[at] + " is not free");
    }
    free[at] &= ~slot.mask();
    freeVcpus[at] -= slot.vcpus();
    freeMemoryGib[at] -= slot.memoryGib();
    file(at);
  }

  /**
   * Gives a slot back.
   *
   * @throws IllegalStateException when part of it was not taken
   */
  public void release(Slot slot) {
    int at = placeOf(slot);
    if ((free[at] & slot.mask()) != 0
        || (slot.mask() & ~GpuBits.full(gpus[at])) != 0
        || freeVcpus[at] + slot.vcpus() > vcpus[at]
        || freeMemoryGib[at] + slot.memoryGib() > memoryGib[at]) {
      throw new IllegalStateException("slot of host " + names[at] + " was not taken");
    }
    free[at] |= slot.mask();
    freeVcpus[at] += slot.vcpus();
    freeMemoryGib[at] += slot.memoryGib();
    file(at);
  }

  private int placeOf(Slot slot) {
    Integer at = places.get(slot.host());
    if (at == null) {
      throw new IllegalStateException("host " + slot.host() + " is not of this pool");
    }
    return at;
  }

  private void file(int at) {
    int count = open[at] ? Integer.bitCount(GpuBits.wholeGpus(free[at])) : CLOSED;
    if (whole[at] != count) {
      move(byWholeGpus, whole[at], count, at);
      whole[at] = count;
    }
    int split = open[at] ? GpuBits.splitGpus(free[at]) : 0;
    for (int p = 0; p < tables.length; p++) {
      int tight = split == 0 ? CLOSED : tightest(at, split, tables[p]);
      if (tightness[at][p] != tight) {
        move(byTightness[p], tightness[at][p], tight, at);
        tightness[at][p] = tight;
      }
    }
  }

  private int tightest(int at, int splitGpus, ProfileTable table) {
    int best = CLOSED;
    for (int bits = splitGpus; bits != 0; bits &= bits - 1) {
      int freeByte = GpuBits.byteOf(free[at], Integer.numberOfTrailingZeros(bits));
      int left = Integer.bitCount(freeByte);
      if (table.pick(freeByte) != 0 && (best == CLOSED || left < best)) {
        best = left;
      }
    }
    return best;
  }

  private static void move(BitSet[] buckets, int from, int to, int at) {
    if (from != CLOSED) {
      buckets[from].clear(at);
    }
    if (to != CLOSED) {
      buckets[to].set(at);
    }
  }

  /** How many instances of this shape would fit now, one after the other. */
  public int placeable(Shape shape) {
    int sum = 0;
    for (int at = 0; at < size; at++) {
      sum += open[at] ? placeableOn(at, shape) : 0;
    }
    return sum;
  }

  private int placeableOn(int at, Shape shape) {
    int byGpus = byGpus(free[at], gpus[at], shape);
    int byVcpus = shape.vcpus() == 0 ? byGpus : freeVcpus[at] / shape.vcpus();
    int byMemory = shape.memoryGib() == 0 ? byGpus : freeMemoryGib[at] / shape.memoryGib();
    return Math.min(byGpus, Math.min(byVcpus, byMemory));
  }

  private int byGpus(long mask, int gpuCount, Shape shape) {
    MigProfile profile = shape.profile();
    if (profile == null) {
      return Integer.bitCount(GpuBits.wholeGpus(mask)) / shape.gpus();
    }
    ProfileTable table = geometry.table(profile);
    int sum = 0;
    for (int gpu = 0; gpu < gpuCount; gpu++) {
      sum += table.count(GpuBits.byteOf(mask, gpu));
    }
    return sum;
  }

  /** Host by host, the first constraint that removes it. */
  public Tally explain(Shape shape) {
    Tally tally = new Tally();
    for (int at = 0; at < size; at++) {
      Constraint first = firstObstacle(at, shape);
      if (first == null) {
        tally.keep();
      } else {
        tally.remove(first, 1);
      }
    }
    return tally;
  }

  private @Nullable Constraint firstObstacle(int at, Shape shape) {
    if (!open[at]) {
      return Constraint.HOST_STATE;
    }
    if (byGpus(GpuBits.full(gpus[at]), gpus[at], shape) == 0
        || vcpus[at] < shape.vcpus()
        || memoryGib[at] < shape.memoryGib()) {
      return Constraint.HOST_SIZE;
    }
    if (byGpus(free[at], gpus[at], shape) == 0) {
      return Constraint.GPUS;
    }
    if (freeVcpus[at] < shape.vcpus()) {
      return Constraint.VCPUS;
    }
    return freeMemoryGib[at] < shape.memoryGib() ? Constraint.MEMORY : null;
  }

  /** Totals of the pool in memory slices and hosts. */
  public Room room() {
    long total = 0;
    long freeSlices = 0;
    int wholeFree = 0;
    for (int at = 0; at < size; at++) {
      total += (long) gpus[at] * GpuGeometry.BITS_PER_GPU;
      if (open[at]) {
        freeSlices += GpuBits.slices(free[at]);
        wholeFree += whole[at];
      }
    }
    return new Room(size, total, freeSlices, wholeFree);
  }

  /** The hosts as they are now, by name. */
  public List<HostSlots> snapshot() {
    HostSlots[] all = new HostSlots[size];
    Arrays.setAll(all, this::hostAt);
    return List.of(all);
  }

  private HostSlots hostAt(int at) {
    return new HostSlots(
        ids[at],
        names[at],
        open[at],
        gpus[at],
        free[at],
        vcpus[at],
        memoryGib[at],
        freeVcpus[at],
        freeMemoryGib[at]);
  }

  private static BitSet[] bitSets(int n) {
    BitSet[] sets = new BitSet[n];
    Arrays.setAll(sets, i -> new BitSet());
    return sets;
  }

  /** Room of a pool: slices are eighths of a GPU; free ones are those of hosts that are open. */
  public record Room(int hosts, long totalSlices, long freeSlices, int wholeGpusFree) {}
}
