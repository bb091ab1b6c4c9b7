package dev.gpucloud.tenant.grants.engine;

import java.util.UUID;

/**
 * What an application gets, 0 for nothing, and why.
 *
 * @param rank from 1, over all candidates with enough reviews; 0 without
 * @param pointsMillis normalised score with weights, in thousandths
 */
public record Verdict(
    UUID application, int rank, long pointsMillis, int gpus, Reason reason, String explanation) {
  /** What decided. */
  public enum Reason {
    AWARDED,
    /** Awarded less than was asked for. */
    PARTLY,
    TOO_FEW_REVIEWS,
    POOL_EMPTY,
    CATEGORY_FULL,
    APPLICANT_CAP
  }

  public boolean awarded() {
    return gpus > 0;
  }
}
