package dev.gpucloud.tenant.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a scope may hold of a model, in GPUs: never above {@code limitGpus}; {@code guaranteedGpus}
 * of it are promised; {@code borrowLimitGpus} is how much of what its siblings leave idle it may
 * use beyond its own promise. Null is no limit of its own, nothing promised, and borrowing up to
 * the limit.
 */
public record QuotaTerms(
    @Nullable Integer limitGpus,
    @Nullable Integer guaranteedGpus,
    @Nullable Integer borrowLimitGpus) {
  /** A limit alone. */
  public static QuotaTerms limit(@Nullable Integer limitGpus) {
    return new QuotaTerms(limitGpus, null, null);
  }

  /** The same promise under another limit. */
  public QuotaTerms withLimit(@Nullable Integer newLimitGpus) {
    return new QuotaTerms(newLimitGpus, guaranteedGpus, borrowLimitGpus);
  }

  /**
   * So many GPUs more may be held. What may be borrowed grows as well where it is bounded, or the
   * higher limit could not be reached.
   */
  public QuotaTerms raised(int byGpus) {
    return new QuotaTerms(
        limitGpus == null ? null : Integer.valueOf(limitGpus + byGpus),
        guaranteedGpus,
        borrowLimitGpus == null ? null : Integer.valueOf(borrowLimitGpus + byGpus));
  }

  /**
   * As {@link #raised} to a limit that can be reached, with as little more borrowed as it takes.
   */
  public QuotaTerms reaching(int newLimitGpus) {
    int promised = guaranteedGpus == null ? 0 : guaranteedGpus;
    return new QuotaTerms(
        newLimitGpus,
        guaranteedGpus,
        borrowLimitGpus == null
            ? null
            : Integer.valueOf(Math.max(borrowLimitGpus, newLimitGpus - promised)));
  }

  /** The most that may be promised to all below together: the own promise, else the limit. */
  @Nullable Integer toPromise() {
    return guaranteedGpus == null ? limitGpus : guaranteedGpus;
  }
}
