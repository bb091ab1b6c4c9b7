package dev.gpucloud.benchmarks.grants;

import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.grants.engine.CallRules.Weights;
import dev.gpucloud.tenant.grants.engine.Candidate;
import dev.gpucloud.tenant.grants.engine.Scores;
import dev.gpucloud.tenant.grants.engine.Scores.Mean;
import dev.gpucloud.tenant.grants.engine.Scores.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/**
 * Applications as the first round had them: 514 for 13,712 GPUs, of which 4,224 in 528 whole hosts
 * are given: academia 328, industry 161, research 39. Who asks for how much and how good it is
 * comes from a seed; 159 applications are clearly better than the others, as sixty reviewers see it
 * who are strict or kind, and far apart in their marks or close together.
 */
final class FirstRound {
  static final String MODEL = "b200-sxm-180g";
  static final int APPLICATIONS = 514;
  static final int ASKED_GPUS = 13_712;
  static final int AWARDS = 159;
  static final int POOL_GPUS = 4_224;
  private static final int HOST_GPUS = 8;
  private static final int LARGEST_HOSTS = 16;
  private static final int REVIEWERS = 60;
  private static final int REVIEWS_EACH = 5;
  private static final double GOOD = 70;
  private static final double POOR = 20;
  private static final double SPREAD = 28;
  private static final Instant OPENED = Instant.parse("2026-11-02T00:00:00Z");

  /** How many applications of a category ask for how many hosts, good ones and others. */
  private record Part(String category, int good, int goodHosts, int others, int otherHosts) {}

  private static final List<Part> PARTS =
      List.of(
          new Part("ACADEMIA", 99, 328, 221, 738),
          new Part("ENTERPRISE", 48, 161, 107, 361),
          new Part("RESEARCH", 12, 39, 27, 87));

  private record Reviewer(String name, double kindness, double stretch) {}

  private final Random random;
  private final List<Reviewer> reviewers = new ArrayList<>();
  private final List<Score> scores = new ArrayList<>();
  private final List<Candidate> applications = new ArrayList<>();

  private FirstRound(long seed) {
    this.random = new Random(seed);
    for (int n = 0; n < REVIEWERS; n++) {
      double kindness = random.nextInt(25) - 12;
      reviewers.add(new Reviewer("reviewer-" + n, kindness, 0.6 + random.nextDouble() * 0.7));
    }
  }

  /** The round of a seed. */
  static FirstRound of(long seed) {
    FirstRound round = new FirstRound(seed);
    for (Part part : PARTS) {
      round.add(part.category(), round.split(part.goodHosts(), part.good()), GOOD);
      round.add(part.category(), round.split(part.otherHosts(), part.others()), POOR);
    }
    return round;
  }

  /** The call: categories as the round's outcome had them, a fifth for regional applicants. */
  static CallRules rules() {
    Map<String, Integer> categories =
        Map.of(
            "ACADEMIA", 328 * HOST_GPUS, "ENTERPRISE", 161 * HOST_GPUS, "RESEARCH", 39 * HOST_GPUS);
    return new CallRules(
        Map.of(MODEL, POOL_GPUS),
        categories,
        true,
        5,
        20,
        REVIEWS_EACH,
        new Weights(1, Map.of(), 0));
  }

  /** Applications with the mean of their normalised scores. */
  List<Candidate> candidates() {
    Map<UUID, Mean> means = Scores.normalised(scores);
    return applications.stream()
        .map(
            c ->
                new Candidate(
                    c.id(),
                    c.applicant(),
                    c.category(),
                    c.regional(),
                    c.model(),
                    c.askedGpus(),
                    c.minGpus(),
                    c.submittedAt(),
                    Objects.requireNonNull(means.get(c.id()))))
        .toList();
  }

  int reviews() {
    return scores.size();
  }

  /** Hosts in so many parts, each of at least one. */
  private int[] split(int hosts, int parts) {
    int[] split = new int[parts];
    Arrays.fill(split, 1);
    for (int left = hosts - parts; left > 0; ) {
      int at = random.nextInt(parts);
      if (split[at] < LARGEST_HOSTS) {
        split[at]++;
        left--;
      }
    }
    return split;
  }

  private void add(String category, int[] hosts, double quality) {
    for (int each : hosts) {
      int number = applications.size();
      int gpus = each * HOST_GPUS;
      UUID id = new UUID(random.nextLong(), number);
      applications.add(
          new Candidate(
              id,
              "applicant-" + number,
              category,
              random.nextInt(5) < 2,
              MODEL,
              gpus,
              random.nextBoolean() ? gpus : HOST_GPUS,
              OPENED.plusSeconds(random.nextInt(2_000_000)),
              new Mean(0, 0)));
      review(id, quality + random.nextDouble() * SPREAD);
    }
  }

  private void review(UUID application, double quality) {
    int first = random.nextInt(REVIEWERS);
    for (int n = 0; n < REVIEWS_EACH; n++) {
      Reviewer reviewer = reviewers.get((first + n * 7) % REVIEWERS);
      double mark =
          50
              + reviewer.kindness()
              + reviewer.stretch() * (quality - 50)
              + (random.nextDouble() - 0.5) * 6;
      int points = (int) Math.clamp(Math.round(mark), 0L, 100L);
      scores.add(new Score(application, reviewer.name(), points));
    }
  }
}
