package dev.gpucloud.tenant.grants.engine;

import java.util.Map;

/**
 * How a call gives its GPUs away.
 *
 * @param poolGpus what there is of each model
 * @param categoryGpus the most for each category over all models; one that is missing has no
 *     maximum
 * @param wholeHosts awards are whole hosts of 8 GPUs
 * @param applicantCapPct the most for one applicant, in per cent of all GPUs
 * @param regionalMinPct how much of each model goes to regional applicants first, in per cent
 * @param minReviews an application with fewer reviews gets nothing
 * @param weights what counts beside the scores
 */
public record CallRules(
    Map<String, Integer> poolGpus,
    Map<String, Integer> categoryGpus,
    boolean wholeHosts,
    int applicantCapPct,
    int regionalMinPct,
    int minReviews,
    Weights weights) {
  /** GPUs of a whole host. */
  public static final int HOST_GPUS = 8;

  /**
   * Points added to the normalised score, whose middle is 50.
   *
   * @param regional for an applicant outside the capital's region
   * @param category for each category; one that is missing gets none
   * @param repeated taken away for each better application of the same applicant
   */
  public record Weights(int regional, Map<String, Integer> category, int repeated) {
    public Weights {
      category = Map.copyOf(category);
    }

    /** Scores alone. */
    public static Weights none() {
      return new Weights(0, Map.of(), 0);
    }
  }

  public CallRules {
    poolGpus = Map.copyOf(poolGpus);
    categoryGpus = Map.copyOf(categoryGpus);
  }

  /** All GPUs of the call. */
  public int allGpus() {
    return poolGpus.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** What of so many GPUs can be awarded: all, or whole hosts. */
  int awardable(int gpus) {
    return wholeHosts ? gpus - gpus % HOST_GPUS : gpus;
  }
}
