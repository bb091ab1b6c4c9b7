package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The hosts of a pool, column by column, in the order of their place and name: the hosts of any
 * domain are neighbours. A host is known by its position.
 */
final class HostArrays {
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
  final boolean[] open;
  final byte[] gpus;
  final long[] free;
  final int[] vcpus;
  final int[] memoryGib;
  final int[] freeVcpus;
  final int[] freeMemoryGib;

  /** GPUs of the largest hosts, and what most hosts have for each of their GPUs. */
  final int mostGpus;

  final int vcpusPerGpu;
  final int memoryGibPerGpu;

  private final HostTable places;

  HostArrays(Collection<HostSlots> hosts) {
    HostSlots[] sorted = hosts.toArray(HostSlots[]::new);
    Arrays.sort(sorted, ORDER);
    size = sorted.length;
    ids = new HostId[size];
    names = new String[size];
    locations = new Location[size];
    open = new boolean[size];
    gpus = new byte[size];
    free = new long[size];
    vcpus = new int[size];
    memoryGib = new int[size];
    freeVcpus = new int[size];
    freeMemoryGib = new int[size];
    for (int at = 0; at < size; at++) {
      set(at, sorted[at]);
    }
    places = new HostTable(ids);
    refuseTwins();
    mostGpus = Math.max(1, median(at -> gpus[at], size - 1));
    vcpusPerGpu = median(at -> vcpus[at] / gpus[at], size / 2);
    memoryGibPerGpu = median(at -> memoryGib[at] / gpus[at], size / 2);
  }

  private void set(int at, HostSlots host) {
    ids[at] = host.id();
    names[at] = host.name();
    locations[at] = host.location();
    open[at] = host.open();
    gpus[at] = (byte) host.gpus();
    free[at] = host.freeMask();
    vcpus[at] = host.vcpus();
    memoryGib[at] = host.memoryGib();
    freeVcpus[at] = host.freeVcpus();
    freeMemoryGib[at] = host.freeMemoryGib();
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

  void take(int at, long mask, int takenVcpus, int takenMemoryGib) {
    free[at] &= ~mask;
    freeVcpus[at] -= takenVcpus;
    freeMemoryGib[at] -= takenMemoryGib;
  }

  void give(int at, Slot slot) {
    free[at] |= slot.mask();
    freeVcpus[at] += slot.vcpus();
    freeMemoryGib[at] += slot.memoryGib();
  }

  boolean isFree(int at, Slot slot) {
    return (free[at] & slot.mask()) == slot.mask()
        && freeVcpus[at] >= slot.vcpus()
        && freeMemoryGib[at] >= slot.memoryGib();
  }

  boolean isTaken(int at, Slot slot) {
    return (free[at] & slot.mask()) == 0
        && (slot.mask() & ~GpuBits.full(gpus[at])) == 0
        && freeVcpus[at] + slot.vcpus() <= vcpus[at]
        && freeMemoryGib[at] + slot.memoryGib() <= memoryGib[at];
  }

  /** The hosts as they are now, in their order. */
  List<HostSlots> snapshot() {
    HostSlots[] all = new HostSlots[size];
    Arrays.setAll(
        all,
        at ->
            new HostSlots(
                ids[at],
                names[at],
                locations[at],
                open[at],
                gpus[at],
                free[at],
                vcpus[at],
                memoryGib[at],
                freeVcpus[at],
                freeMemoryGib[at]));
    return List.of(all);
  }
}
