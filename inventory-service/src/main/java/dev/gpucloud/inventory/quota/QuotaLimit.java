package dev.gpucloud.inventory.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a limit means in slices: nothing published is nothing for a tenant and no limit for a group;
 * a published null is no limit of its own.
 */
public final class QuotaLimit {
  public static final long UNLIMITED = Long.MAX_VALUE;
  private static final long SLICES_PER_GPU = 8;

  private QuotaLimit() {}

  public static long slices(boolean published, @Nullable Integer limitGpus, boolean group) {
    if (!published) {
      return group ? UNLIMITED : 0;
    }
    return limitGpus == null ? UNLIMITED : limitGpus * SLICES_PER_GPU;
  }
}
