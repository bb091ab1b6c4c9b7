package dev.gpucloud.tenant.grants.engine;

import dev.gpucloud.tenant.grants.engine.Pot.Offer;
import dev.gpucloud.tenant.grants.engine.Verdict.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gives a call's GPUs to its applications, best first. Regional applications come first until their
 * share of each model is given; then all by rank. Each gets what it asked for, or as much as the
 * pool, its category and the cap of its applicant leave, when that is enough for it. The same input
 * in any order gives the same awards, never more than there is.
 */
public final class AwardEngine {
  private final CallRules rules;
  private final Pot pot;
  private final Map<UUID, Verdict> verdicts = new HashMap<>();

  private record Ranked(Candidate candidate, int rank, long points) {}

  private AwardEngine(CallRules rules) {
    this.rules = rules;
    this.pot = new Pot(rules);
  }

  /** A verdict on every candidate: ranked ones by rank, then those with too few reviews. */
  public static List<Verdict> award(CallRules rules, Collection<Candidate> candidates) {
    return new AwardEngine(rules).run(candidates);
  }

  private List<Verdict> run(Collection<Candidate> candidates) {
    List<Candidate> ready =
        candidates.stream().filter(c -> c.score().reviews() >= rules.minReviews()).toList();
    List<Ranked> ranked = rank(ready);
    rules.poolGpus().keySet().stream().sorted().forEach(model -> giveRegional(model, ranked));
    ranked.stream().filter(r -> !isAwarded(r)).forEach(this::give);
    List<Verdict> all = new ArrayList<>();
    ranked.forEach(r -> all.add(verdict(r)));
    candidates.stream()
        .filter(c -> c.score().reviews() < rules.minReviews())
        .sorted(Comparator.comparing(Candidate::id))
        .forEach(c -> all.add(tooFewReviews(c)));
    return all;
  }

  private List<Ranked> rank(List<Candidate> ready) {
    Map<UUID, Long> points = new HashMap<>();
    Map<String, Integer> better = new HashMap<>();
    ready.stream()
        .sorted(
            Comparator.comparingLong(this::ownPoints)
                .reversed()
                .thenComparing(Candidate::submittedAt)
                .thenComparing(Candidate::id))
        .forEach(
            c -> {
              int before = better.merge(c.applicant(), 1, Integer::sum) - 1;
              points.put(c.id(), ownPoints(c) - 1000L * before * rules.weights().repeated());
            });
    List<Candidate> order = new ArrayList<>(ready);
    order.sort(
        Comparator.comparingLong((Candidate c) -> points.getOrDefault(c.id(), 0L))
            .reversed()
            .thenComparing(Candidate::submittedAt)
            .thenComparing(Candidate::id));
    List<Ranked> ranked = new ArrayList<>();
    for (Candidate c : order) {
      ranked.add(new Ranked(c, ranked.size() + 1, points.getOrDefault(c.id(), 0L)));
    }
    return ranked;
  }

  private long ownPoints(Candidate c) {
    int regional = c.regional() ? rules.weights().regional() : 0;
    int category = rules.weights().category().getOrDefault(c.category(), 0);
    return c.score().millis() + 1000L * (regional + category);
  }

  private void giveRegional(String model, List<Ranked> ranked) {
    int pool = rules.poolGpus().getOrDefault(model, 0);
    int reserved = (int) Math.ceilDiv((long) pool * rules.regionalMinPct(), 100L);
    int given = 0;
    for (Ranked r : ranked) {
      if (given < reserved && r.candidate().regional() && r.candidate().model().equals(model)) {
        give(r);
        given += verdict(r).gpus();
      }
    }
  }

  private void give(Ranked r) {
    Candidate c = r.candidate();
    Offer offer = pot.offer(c);
    pot.take(c, offer.gpus());
    verdicts.put(
        c.id(),
        new Verdict(c.id(), r.rank(), r.points(), offer.gpus(), offer.reason(), words(r, offer)));
  }

  private boolean isAwarded(Ranked r) {
    Verdict verdict = verdicts.get(r.candidate().id());
    return verdict != null && verdict.awarded();
  }

  private Verdict verdict(Ranked r) {
    Verdict verdict = verdicts.get(r.candidate().id());
    if (verdict == null) {
      throw new IllegalStateException("nothing was decided on " + r.candidate().id());
    }
    return verdict;
  }

  private Verdict tooFewReviews(Candidate c) {
    String words = "%d reviews of at least %d.".formatted(c.score().reviews(), rules.minReviews());
    return new Verdict(c.id(), 0, 0, 0, Reason.TOO_FEW_REVIEWS, words);
  }

  private static String words(Ranked r, Offer offer) {
    Candidate c = r.candidate();
    String place = "Rank %d with %s points: ".formatted(r.rank(), points(r.points()));
    return place
        + switch (offer.reason()) {
          case AWARDED -> "all %d GPUs of %s.".formatted(offer.gpus(), c.model());
          case PARTLY ->
              "%d of %d GPUs of %s; no more than %d were left for it."
                  .formatted(offer.gpus(), c.askedGpus(), c.model(), offer.leftGpus());
          case POOL_EMPTY ->
              "%d GPUs of %s were left, at least %d are of use to it."
                  .formatted(offer.leftGpus(), c.model(), c.minGpus());
          case CATEGORY_FULL ->
              "%d GPUs were left for %s, at least %d are of use to it."
                  .formatted(offer.leftGpus(), c.category(), c.minGpus());
          case APPLICANT_CAP ->
              "the applicant may have %d GPUs more, at least %d are of use to it."
                  .formatted(offer.leftGpus(), c.minGpus());
          case TOO_FEW_REVIEWS -> throw new IllegalStateException("is not ranked");
        };
  }

  private static String points(long millis) {
    return BigDecimal.valueOf(millis, 3).toPlainString();
  }
}
