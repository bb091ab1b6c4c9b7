package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The hosts of a pool in the order of their place and name: the hosts of any domain are neighbours.
 * A host is known by its position. What a decision reads and changes of a host lies side by side in
 * four longs (half a cache line): free mask, what is left, what it has, state.
 */
final class HostArrays {
  private static final int ROW = 2;
  private static final int LEFT = 1;
  private static final int ALL = 2;
  private static final int STATE = 3;

  private static final int GPUS_AT = 4;
  private static final long OPEN = 1L << 8;
  private static final long SHORT = 1L << 9;
  private static final long SPLIT = 1L << 10;
  private static final int RACK_AT = 16;
  private static final int FABRIC_AT = 40;
  private static final long DOMAIN = (1L << 24) - 1;

  /** Of {@link #whole}: the host is closed. */
  static final int CLOSED = -1;

  private static final Comparator<HostSlots> ORDER =
      Comparator.comparing((HostSlots host) -> host.location().hall())
          .thenComparing(host -> host.location().fabric())
          .thenComparing(host -> host.location().rack())
          .thenComparing(host -> host.location().nvlinkDomain())
          .thenComparing(HostSlots::name);

  final int size;
  final HostId[] ids;
  final String[] names;
  final Location[] locations;

  /** GPUs of the largest hosts, and what most hosts have for each of their GPUs. */
  final int mostGpus;

  final int vcpusPerGpu;
  final int memoryGibPerGpu;

  private final long[] rows;
  private final HostTable places;

  HostArrays(Collection<HostSlots> hosts) {
    HostSlots[] sorted = hosts.toArray(HostSlots[]::new);
    Arrays.sort(sorted, ORDER);
    size = sorted.length;
    ids = new HostId[size];
    names = new String[size];
    locations = new Location[size];
    rows = new long[size << ROW];
    for (int at = 0; at < size; at++) {
      set(at, sorted[at]);
    }
    places = new HostTable(ids);
    refuseTwins();
    mostGpus = Math.max(1, median(this::gpus, size - 1));
    vcpusPerGpu = median(at -> vcpus(at) / gpus(at), size / 2);
    memoryGibPerGpu = median(at -> memoryGib(at) / gpus(at), size / 2);
  }

  private void set(int at, HostSlots host) {
    ids[at] = host.id();
    names[at] = host.name();
    locations[at] = host.location();
    int row = at << ROW;
    rows[row] = host.freeMask();
    rows[row + LEFT] = pair(host.freeVcpus(), host.freeMemoryGib());
    rows[row + ALL] = pair(host.vcpus(), host.memoryGib());
    rows[row + STATE] = (long) host.gpus() << GPUS_AT | (host.open() ? OPEN : 0);
  }

  private static long pair(int vcpus, int memoryGib) {
    return (long) vcpus << 32 | memoryGib;
  }

  private void refuseTwins() {
    String[] sorted = names.clone();
    Arrays.sort(sorted);
    for (int n = 1; n < size; n++) {
      if (sorted[n].equals(sorted[n - 1])) {
        throw new IllegalArgumentException("host " + sorted[n] + " is there twice");
      }
    }
  }

  /** The {@code rank}-th smallest value of all hosts. */
  private int median(IntUnaryOperator value, int rank) {
    if (size == 0) {
      return 0;
    }
    int[] values = new int[size];
    Arrays.setAll(values, value);
    Arrays.sort(values);
    return values[rank];
  }

  /** The place of a host, or -1 when it is not of this pool. */
  int find(HostId id) {
    return places.find(id);
  }

  /** The place of a slot's host. */
  int placeOf(Slot slot) {
    int at = places.find(slot.host());
    if (at < 0) {
      throw new IllegalStateException("host " + slot.host() + " is not of this pool");
    }
    return at;
  }

  /** The name of a host's domain at a level: that of an NVLink domain of its own is the host's. */
  String domain(int at, Level level) {
    String name = locations[at].domain(level);
    return level == Level.NVLINK_DOMAIN && name.isEmpty() ? names[at] : name;
  }

  long free(int at) {
    return rows[at << ROW];
  }

  int freeVcpus(int at) {
    return (int) (rows[(at << ROW) + LEFT] >>> 32);
  }

  int freeMemoryGib(int at) {
    return (int) rows[(at << ROW) + LEFT];
  }

  int vcpus(int at) {
    return (int) (rows[(at << ROW) + ALL] >>> 32);
  }

  int memoryGib(int at) {
    return (int) rows[(at << ROW) + ALL];
  }

  int gpus(int at) {
    return (int) (rows[(at << ROW) + STATE] >>> GPUS_AT) & 0xF;
  }

  boolean isOpen(int at) {
    return has(at, OPEN);
  }

  void setOpen(int at, boolean open) {
    set(at, OPEN, open);
  }

  /** Wholly free GPUs as last filed, or {@link #CLOSED}. */
  int whole(int at) {
    return ((int) rows[(at << ROW) + STATE] & 0xF) - 1;
  }

  void setWhole(int at, int whole) {
    int state = (at << ROW) + STATE;
    rows[state] = rows[state] & ~0xFL | whole + 1;
  }

  /** Whether it has less processors or memory left than usual for its free GPUs, as last filed. */
  boolean isShort(int at) {
    return has(at, SHORT);
  }

  void setShort(int at, boolean isShort) {
    set(at, SHORT, isShort);
  }

  /** Whether it had split GPUs when last filed. */
  boolean isSplit(int at) {
    return has(at, SPLIT);
  }

  void setSplit(int at, boolean isSplit) {
    set(at, SPLIT, isSplit);
  }

  private boolean has(int at, long flag) {
    return (rows[(at << ROW) + STATE] & flag) != 0;
  }

  private void set(int at, long flag, boolean on) {
    int state = (at << ROW) + STATE;
    rows[state] = on ? rows[state] | flag : rows[state] & ~flag;
  }

  int rack(int at) {
    return (int) (rows[(at << ROW) + STATE] >>> RACK_AT & DOMAIN);
  }

  int fabric(int at) {
    return (int) (rows[(at << ROW) + STATE] >>> FABRIC_AT);
  }

  void setDomains(int at, int rack, int fabric) {
    rows[(at << ROW) + STATE] |= (long) rack << RACK_AT | (long) fabric << FABRIC_AT;
  }

  void take(int at, long mask, int takenVcpus, int takenMemoryGib) {
    int row = at << ROW;
    rows[row] &= ~mask;
    rows[row + LEFT] -= pair(takenVcpus, takenMemoryGib);
  }

  void give(int at, long mask, int givenVcpus, int givenMemoryGib) {
    int row = at << ROW;
    rows[row] |= mask;
    rows[row + LEFT] += pair(givenVcpus, givenMemoryGib);
  }

  boolean isFree(int at, Slot slot) {
    return (free(at) & slot.mask()) == slot.mask()
        && freeVcpus(at) >= slot.vcpus()
        && freeMemoryGib(at) >= slot.memoryGib();
  }

  boolean isTaken(int at, long mask, int takenVcpus, int takenMemoryGib) {
    return (free(at) & mask) == 0
        && (mask & ~GpuBits.full(gpus(at))) == 0
        && freeVcpus(at) + takenVcpus <= vcpus(at)
        && freeMemoryGib(at) + takenMemoryGib <= memoryGib(at);
  }

  /** The hosts as they are now, in their order. */
  List<HostSlots> snapshot(Neighbours neighbours) {
    HostSlots[] all = new HostSlots[size];
    Arrays.setAll(
        all,
        at ->
            new HostSlots(
                ids[at],
                names[at],
                locations[at],
                isOpen(at),
                gpus(at),
                free(at),
                vcpus(at),
                memoryGib(at),
                freeVcpus(at),
                freeMemoryGib(at),
                neighbours.at(at)));
    return List.of(all);
  }
}
