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

  /** The most that may be promised to all below together: the own promise, else the limit. */
  @Nullable Integer toPromise() {
    return guaranteedGpus == null ? limitGpus : guaranteedGpus;
  }
}
