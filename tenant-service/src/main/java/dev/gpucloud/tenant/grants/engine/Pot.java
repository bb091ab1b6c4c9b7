package dev.gpucloud.tenant.grants.engine;

import dev.gpucloud.tenant.grants.engine.Verdict.Reason;
import java.util.HashMap;
import java.util.Map;

/** What is left of a call: of each model, for each category and for each applicant. */
public final class Pot {
  private final CallRules rules;
  private final int capGpus;
  private final Map<String, Integer> leftOfModel;
  private final Map<String, Integer> leftForCategory;
  private final Map<String, Integer> givenToApplicant = new HashMap<>();

  /** A full pot. */
  public Pot(CallRules rules) {
    this.rules = rules;
    this.capGpus = (int) ((long) rules.allGpus() * rules.applicantCapPct() / 100);
    this.leftOfModel = new HashMap<>(rules.poolGpus());
    this.leftForCategory = new HashMap<>(rules.categoryGpus());
  }

  /** How much a candidate can have now, and what limits it when that is not all. */
  public record Offer(int gpus, Reason reason, int leftGpus) {}

  /** What it could have; nothing is taken. */
  public Offer offer(Candidate candidate) {
    int model = leftOfModel.getOrDefault(candidate.model(), 0);
    int category = leftForCategory.getOrDefault(candidate.category(), Integer.MAX_VALUE);
    int applicant = capGpus - givenToApplicant.getOrDefault(candidate.applicant(), 0);
    int left = Math.min(model, Math.min(category, applicant));
    int gpus = rules.awardable(Math.min(candidate.askedGpus(), left));
    if (gpus == candidate.askedGpus()) {
      return new Offer(gpus, Reason.AWARDED, left);
    }
    if (gpus >= Math.max(1, candidate.minGpus())) {
      return new Offer(gpus, Reason.PARTLY, left);
    }
    Reason limit =
        left == model
            ? Reason.POOL_EMPTY
            : left == category ? Reason.CATEGORY_FULL : Reason.APPLICANT_CAP;
    return new Offer(0, limit, Math.max(0, left));
  }

  /** Takes what was offered, or what stands from before. */
  public void take(Candidate candidate, int gpus) {
    leftOfModel.merge(candidate.model(), -gpus, Integer::sum);
    leftForCategory.computeIfPresent(candidate.category(), (c, left) -> left - gpus);
    givenToApplicant.merge(candidate.applicant(), gpus, Integer::sum);
  }

  /** What is left of a model. */
  public int left(String model) {
    return leftOfModel.getOrDefault(model, 0);
  }
}
