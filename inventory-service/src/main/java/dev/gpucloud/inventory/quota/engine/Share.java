package dev.gpucloud.inventory.quota.engine;

import org.jspecify.annotations.Nullable;

/**
 * A scope's share of what its parent has: its limit, what it is guaranteed, and how much of what
 * the parent's other children leave idle it may use beyond that. Null is no limit, no guarantee,
 * and borrowing up to the limit.
 *
 * <p>All that is enforced is one number, the ceiling: what the scope uses never exceeds its own,
 * and what it and its siblings use together never exceeds the parent's, as both count. So what is
 * borrowed is always idle elsewhere: used beyond guarantees is at most what the parent has less
 * what the others use.
 */
public record Share(
    @Nullable Integer limitGpus,
    @Nullable Integer guaranteedGpus,
    @Nullable Integer borrowLimitGpus) {
  private static final long SLICES_PER_GPU = 8;

  /** The most that may be used: the limit, or guarantee and borrow limit when they are less. */
  public @Nullable Integer ceilingGpus() {
    if (guaranteedGpus == null || borrowLimitGpus == null) {
      return limitGpus;
    }
    int both = Math.addExact(guaranteedGpus, borrowLimitGpus);
    return limitGpus == null ? Integer.valueOf(both) : Integer.valueOf(Math.min(limitGpus, both));
  }

  /** What is used beyond the guarantee. */
  public long borrowedSlices(long usedSlices) {
    return Math.max(0, usedSlices - guaranteedSlices());
  }

  /** What of the guarantee others may borrow now. */
  public long idleSlices(long usedSlices) {
    return Math.max(0, guaranteedSlices() - usedSlices);
  }

  private long guaranteedSlices() {
    return guaranteedGpus == null ? 0 : guaranteedGpus * SLICES_PER_GPU;
  }
}
