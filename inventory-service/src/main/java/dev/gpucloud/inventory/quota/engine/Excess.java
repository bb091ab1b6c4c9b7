package dev.gpucloud.inventory.quota.engine;

import org.jspecify.annotations.Nullable;

/**
 * A limit that does not suffice, in slices; {@code site} is set when it binds one site only, {@code
 * budget} when the limit would do but the budget is used up.
 */
public record Excess(
    long limitSlices,
    long usedSlices,
    int askedSlices,
    QuotaScope scope,
    @Nullable String site,
    @Nullable SpentBudget budget) {
  /** A limit of concurrent GPUs. */
  public Excess(
      long limitSlices, long usedSlices, int askedSlices, QuotaScope scope, @Nullable String site) {
    this(limitSlices, usedSlices, askedSlices, scope, site, null);
  }

  /** What could still be taken under it; after the limit was lowered there is nothing. */
  public long freeSlices() {
    return Math.max(0, limitSlices - usedSlices);
  }
}
