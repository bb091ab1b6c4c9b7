package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.GpuGeometry.ProfileTable;

/**
 * Finds the host for one instance by best fit: the fewest wholly free GPUs that suffice, for a
 * slice the tightest split GPU. An entirely free host is broken into last, in the fullest rack of
 * the fullest fabric, so that room for clusters stays in one piece.
 */
final class HostSearch {
  private final HostArrays hosts;
  private final Domains domains;
  private final Buckets buckets;

  HostSearch(HostArrays hosts, Domains domains, Buckets buckets) {
    this.hosts = hosts;
    this.domains = domains;
    this.buckets = buckets;
  }

  /** The host for one instance of the shape asked for, or -1. */
  int find(Fit fit) {
    ProfileTable table = fit.table();
    if (table == null) {
      return withWhole(fit.gpus(), fit);
    }
    for (int free = 1; free < Buckets.GPUS; free++) {
      int at = first(buckets.withSplit(table, free), fit);
      if (at >= 0) {
        return at;
      }
    }
    return withWhole(1, fit);
  }

  private int withWhole(int wanted, Fit fit) {
    for (int free = wanted; free < hosts.mostGpus; free++) {
      int at = first(buckets.withWhole(free), fit);
      if (at >= 0) {
        return at;
      }
    }
    if (wanted > hosts.mostGpus) {
      return -1;
    }
    HostSet full = buckets.withWhole(hosts.mostGpus);
    int at = domains.toOpen(full);
    return at < 0 || fit.hasRest(at) ? at : first(full, fit);
  }

  private static int first(HostSet bucket, Fit fit) {
    int at = bucket.next(0);
    while (at >= 0 && !fit.hasRest(at)) {
      at = bucket.next(at + 1);
    }
    return at;
  }

  /** What one more instance takes of a host that has {@code free} left and room for it. */
  static long mask(long free, Fit fit) {
    ProfileTable table = fit.table();
    int whole = GpuBits.wholeGpus(free);
    if (table == null) {
      return GpuBits.maskOf(GpuBits.pick(whole, fit.gpus()));
    }
    int gpu = tightestGpu(free, table);
    if (gpu < 0) {
      gpu = Integer.numberOfTrailingZeros(GpuBits.pick(whole, 1));
    }
    int freeByte = GpuBits.byteOf(free, gpu);
    return (long) table.pick(freeByte) << (gpu * GpuGeometry.BITS_PER_GPU);
  }

  /** The split GPU with the fewest free slices that takes the profile, or -1. */
  private static int tightestGpu(long free, ProfileTable table) {
    int best = -1;
    int least = Integer.MAX_VALUE;
    for (int bits = GpuBits.splitGpus(free); bits != 0; bits &= bits - 1) {
      int gpu = Integer.numberOfTrailingZeros(bits);
      int freeByte = GpuBits.byteOf(free, gpu);
      if (table.pick(freeByte) != 0 && Integer.bitCount(freeByte) < least) {
        best = gpu;
        least = Integer.bitCount(freeByte);
      }
    }
    return best;
  }
}
