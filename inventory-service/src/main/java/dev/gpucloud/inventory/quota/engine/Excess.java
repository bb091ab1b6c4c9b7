package dev.gpucloud.inventory.quota.engine;

import org.jspecify.annotations.Nullable;

/** A limit that does not suffice, in slices; {@code site} is set when it binds one site only. */
public record Excess(
    long limitSlices, long usedSlices, int askedSlices, QuotaScope scope, @Nullable String site) {

  /** What could still be taken under it; after the limit was lowered there is nothing. */
  public long freeSlices() {
    return Math.max(0, limitSlices - usedSlices);
  }
}
