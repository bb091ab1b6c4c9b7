package dev.gpucloud.inventory.quota.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a limit means in slices. Nothing published is nothing to use for a tenant over all sites,
 * and no limit for a group, for a project, and for one site; a published null is no limit of its
 * own.
 */
public final class QuotaLimit {
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The site of a limit and of a count over all sites. */
  public static final String ALL_SITES = "";

  private static final long SLICES_PER_GPU = 8;

  private QuotaLimit() {}

  /** {@code needed}: without one there is nothing to use. */
  public static long slices(boolean published, @Nullable Integer limitGpus, boolean needed) {
    if (!published) {
      return needed ? 0 : UNLIMITED;
    }
    return limitGpus == null ? UNLIMITED : limitGpus * SLICES_PER_GPU;
  }

  /** Whether who has this limit may use nothing until it is published. */
  public static boolean isNeeded(boolean project, boolean group, String site) {
    return !project && !group && site.equals(ALL_SITES);
  }
}
