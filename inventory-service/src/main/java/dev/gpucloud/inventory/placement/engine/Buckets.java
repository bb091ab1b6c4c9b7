package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.GpuGeometry.ProfileTable;
import java.util.Arrays;

/**
 * The open hosts by how tight they are: by the number of wholly free GPUs, and for every MIG
 * profile by the free slices of the tightest split GPU that takes it.
 */
final class Buckets {
  static final int GPUS = 8;
  static final int CLOSED = HostArrays.CLOSED;

  private final HostArrays hosts;
  private final Domains domains;
  private final ProfileTable[] tables;
  private final byte[][] tightness;
  private final HostSet[] byWhole;
  private final HostSet[][] byTightness;

  Buckets(HostArrays hosts, Domains domains, GpuGeometry geometry) {
    this.hosts = hosts;
    this.domains = domains;
    this.tables = geometry.tables().toArray(ProfileTable[]::new);
    tightness = new byte[tables.length][hosts.size];
    byWhole = sets(GPUS + 1, hosts.size);
    byTightness = new HostSet[tables.length][];
    for (int p = 0; p < tables.length; p++) {
      Arrays.fill(tightness[p], (byte) CLOSED);
      byTightness[p] = sets(GPUS, hosts.size);
    }
    for (int at = 0; at < hosts.size; at++) {
      file(at);
    }
  }

  private static HostSet[] sets(int n, int size) {
    HostSet[] sets = new HostSet[n];
    Arrays.setAll(sets, i -> new HostSet(size));
    return sets;
  }

  HostSet withWhole(int gpus) {
    return byWhole[gpus];
  }

  /** Hosts whose tightest split GPU for a profile has so many free slices. */
  HostSet withSplit(ProfileTable table, int freeSlices) {
    return byTightness[table.index()][freeSlices];
  }

  /** Free slices of the tightest split GPU that takes the profile, or {@link #CLOSED}. */
  int tightness(int at, ProfileTable table) {
    return tightness[table.index()][at];
  }

  /** Puts a host where it belongs after a change. */
  void file(int at) {
    boolean open = hosts.isOpen(at);
    long free = hosts.free(at);
    int now = open ? GpuBits.countWhole(free) : CLOSED;
    int before = hosts.whole(at);
    if (before != now) {
      if (before != CLOSED) {
        byWhole[before].remove(at);
      }
      if (now != CLOSED) {
        byWhole[now].add(at);
      }
      hosts.setWhole(at, now);
      domains.move(at, before, now);
    }
    boolean lacks =
        hosts.freeVcpus(at) < now * hosts.vcpusPerGpu
            || hosts.freeMemoryGib(at) < now * hosts.memoryGibPerGpu;
    if (lacks != hosts.isShort(at)) {
      hosts.setShort(at, lacks);
      domains.changeShort(at, lacks ? 1 : -1);
    }
    int split = open ? GpuBits.splitGpus(free) : 0;
    if (split != 0 || hosts.isSplit(at)) {
      hosts.setSplit(at, split != 0);
      fileSplit(at, split);
    }
  }

  private void fileSplit(int at, int split) {
    for (int p = 0; p < tables.length; p++) {
      int now = tightest(at, split, tables[p]);
      int before = tightness[p][at];
      if (before != now) {
        if (before != CLOSED) {
          byTightness[p][before].remove(at);
        }
        if (now != CLOSED) {
          byTightness[p][now].add(at);
        }
        tightness[p][at] = (byte) now;
      }
    }
  }

  private int tightest(int at, int splitGpus, ProfileTable table) {
    int best = CLOSED;
    for (int bits = splitGpus; bits != 0; bits &= bits - 1) {
      int freeByte = GpuBits.byteOf(hosts.free(at), Integer.numberOfTrailingZeros(bits));
      int left = Integer.bitCount(freeByte);
      if (table.pick(freeByte) != 0 && (best == CLOSED || left < best)) {
        best = left;
      }
    }
    return best;
  }
}
