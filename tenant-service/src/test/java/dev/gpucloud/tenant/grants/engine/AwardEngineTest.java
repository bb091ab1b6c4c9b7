package dev.gpucloud.tenant.grants.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.grants.engine.CallRules.Weights;
import dev.gpucloud.tenant.grants.engine.Scores.Mean;
import dev.gpucloud.tenant.grants.engine.Scores.Score;
import dev.gpucloud.tenant.grants.engine.Verdict.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwardEngineTest {
  private static final String MODEL = "b200";
  private static final Instant DAY = Instant.parse("2026-11-02T00:00:00Z");

  private static Candidate candidate(int id, String applicant, int asked, int min, long points) {
    return new Candidate(
        new UUID(0, id),
        applicant,
        "ACADEMIA",
        false,
        MODEL,
        asked,
        min,
        DAY,
        new Mean(points * 1000, 3));
  }

  private static Candidate regional(Candidate c) {
    return new Candidate(
        c.id(),
        c.applicant(),
        c.category(),
        true,
        c.model(),
        c.askedGpus(),
        c.minGpus(),
        c.submittedAt(),
        c.score());
  }

  private static CallRules rules(int pool) {
    return new CallRules(Map.of(MODEL, pool), Map.of(), true, 100, 0, 1, Weights.none());
  }

  @Test
  void givesTheBestWhatTheyAskAndTheNextWhatIsLeftInWholeHosts() {
    List<Verdict> verdicts =
        AwardEngine.award(
            rules(60),
            List.of(
                candidate(1, "a", 16, 16, 60),
                candidate(2, "b", 32, 8, 70),
                candidate(3, "c", 32, 8, 50),
                candidate(4, "d", 8, 8, 40)));

    assertThat(verdicts).extracting(Verdict::gpus).containsExactly(32, 16, 8, 0);
    assertThat(verdicts)
        .extracting(Verdict::reason)
        .containsExactly(Reason.AWARDED, Reason.AWARDED, Reason.PARTLY, Reason.POOL_EMPTY);
    assertThat(verdicts.get(0).explanation())
        .isEqualTo("Rank 1 with 70.000 points: all 32 GPUs of b200.");
    assertThat(verdicts.get(2).explanation())
        .isEqualTo(
            "Rank 3 with 50.000 points: 8 of 32 GPUs of b200; no more than 12 were left for it.");
    assertThat(verdicts.get(3).explanation())
        .isEqualTo(
            "Rank 4 with 40.000 points: 4 GPUs of b200 were left, at least 8 are of use to it.");
  }

  @Test
  void whoCannotUseWhatIsLeftLeavesItToTheNext() {
    List<Verdict> verdicts =
        AwardEngine.award(
            rules(16), List.of(candidate(1, "a", 32, 32, 60), candidate(2, "b", 16, 16, 50)));

    assertThat(verdicts).extracting(Verdict::gpus).containsExactly(0, 16);
  }

  @Test
  void anApplicationWithTooFewReviewsGetsNothing() {
    CallRules twoReviews =
        new CallRules(Map.of(MODEL, 16), Map.of(), true, 100, 0, 4, Weights.none());

    Verdict verdict =
        AwardEngine.award(twoReviews, List.of(candidate(1, "a", 8, 8, 60))).getFirst();

    assertThat(verdict.reason()).isEqualTo(Reason.TOO_FEW_REVIEWS);
    assertThat(verdict.explanation()).isEqualTo("3 reviews of at least 4.");
  }

  @Test
  void keepsTheRegionalShareForRegionalApplicants() {
    CallRules half = new CallRules(Map.of(MODEL, 32), Map.of(), true, 100, 50, 1, Weights.none());

    List<Verdict> verdicts =
        AwardEngine.award(
            half,
            List.of(
                candidate(1, "a", 32, 8, 90),
                regional(candidate(2, "b", 8, 8, 20)),
                regional(candidate(3, "c", 16, 8, 10))));

    assertThat(verdicts).extracting(Verdict::gpus).containsExactly(8, 8, 16);
  }

  @Test
  void capsOneApplicantOverAllItsApplications() {
    CallRules quarter = new CallRules(Map.of(MODEL, 64), Map.of(), true, 25, 0, 1, Weights.none());

    List<Verdict> verdicts =
        AwardEngine.award(
            quarter,
            List.of(
                candidate(1, "a", 8, 8, 90),
                candidate(2, "a", 16, 8, 80),
                candidate(3, "a", 8, 8, 70)));

    assertThat(verdicts).extracting(Verdict::gpus).containsExactly(8, 8, 0);
    assertThat(verdicts.get(2).reason()).isEqualTo(Reason.APPLICANT_CAP);
  }

  @Test
  void capsACategory() {
    CallRules rules =
        new CallRules(Map.of(MODEL, 64), Map.of("ACADEMIA", 8), true, 100, 0, 1, Weights.none());

    List<Verdict> verdicts =
        AwardEngine.award(rules, List.of(candidate(1, "a", 8, 8, 90), candidate(2, "b", 8, 8, 80)));

    assertThat(verdicts.get(1).reason()).isEqualTo(Reason.CATEGORY_FULL);
    assertThat(verdicts.get(1).explanation()).contains("0 GPUs were left for ACADEMIA");
  }

  @Test
  void weightsCountBesideTheScore() {
    CallRules weighed =
        new CallRules(
            Map.of(MODEL, 8),
            Map.of(),
            true,
            100,
            0,
            1,
            new Weights(15, Map.of("ACADEMIA", 3), 20));

    List<Verdict> verdicts =
        AwardEngine.award(
            weighed,
            List.of(
                candidate(1, "a", 8, 8, 60),
                candidate(2, "a", 8, 8, 59),
                regional(candidate(3, "b", 8, 8, 50))));

    assertThat(verdicts)
        .extracting(v -> v.application().getLeastSignificantBits())
        .containsExactly(3L, 1L, 2L);
    assertThat(verdicts)
        .extracting(Verdict::pointsMillis)
        .containsExactly(68_000L, 63_000L, 42_000L);
  }

  @Test
  void aStrictAndAKindReviewerCountAlike() {
    UUID good = new UUID(0, 1);
    UUID bad = new UUID(0, 2);

    Map<UUID, Mean> means =
        Scores.normalised(
            List.of(
                new Score(good, "strict", 30),
                new Score(bad, "strict", 10),
                new Score(good, "kind", 100),
                new Score(bad, "kind", 90),
                new Score(bad, "once", 77)));

    assertThat(means.get(good)).isEqualTo(new Mean(60_000, 2));
    assertThat(means.get(bad)).isEqualTo(new Mean(43_333, 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void neverGivesMoreThanThereIsAndLeavesNobodyWorseThanTheRulesDo(long seed) {
    Random random = new Random(seed);
    List<String> models = List.of("b200", "h200");
    List<String> categories = List.of("ACADEMIA", "ENTERPRISE", "RESEARCH");
    CallRules rules =
        new CallRules(
            Map.of("b200", 8 * random.nextInt(60), "h200", random.nextInt(300)),
            Map.of("ACADEMIA", 8 * random.nextInt(40)),
            random.nextBoolean(),
            1 + random.nextInt(100),
            random.nextInt(60),
            1,
            new Weights(
                random.nextInt(10), Map.of("RESEARCH", random.nextInt(5)), random.nextInt(9)));
    List<Candidate> candidates = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      int asked = 8 * (1 + random.nextInt(8));
      candidates.add(
          new Candidate(
              new UUID(seed, n),
              "applicant-" + random.nextInt(70),
              categories.get(random.nextInt(3)),
              random.nextInt(3) == 0,
              models.get(random.nextInt(2)),
              asked,
              random.nextBoolean() ? asked : 8,
              DAY.plusSeconds(random.nextInt(5)),
              new Mean(random.nextInt(40) * 1000L, random.nextInt(4))));
    }

    List<Verdict> verdicts = AwardEngine.award(rules, candidates);

    List<Candidate> shuffled = new ArrayList<>(candidates);
    Collections.shuffle(shuffled, random);
    assertThat(AwardEngine.award(rules, shuffled)).isEqualTo(verdicts);
    Map<UUID, Candidate> byId = new HashMap<>();
    candidates.forEach(c -> byId.put(c.id(), c));
    Pot pot = new Pot(rules);
    verdicts.forEach(v -> pot.take(byId.get(v.application()), v.gpus()));
    models.forEach(model -> assertThat(pot.left(model)).isNotNegative());
    Map<String, Integer> ofApplicant = new HashMap<>();
    int academia = 0;
    for (Verdict verdict : verdicts) {
      Candidate c = byId.get(verdict.application());
      assertThat(verdict.gpus()).isLessThanOrEqualTo(c.askedGpus());
      assertThat(verdict.gpus() == 0 || verdict.gpus() >= c.minGpus()).isTrue();
      assertThat(!rules.wholeHosts() || verdict.gpus() % 8 == 0).isTrue();
      ofApplicant.merge(c.applicant(), verdict.gpus(), Integer::sum);
      academia += c.category().equals("ACADEMIA") ? verdict.gpus() : 0;
      if (!verdict.awarded() && verdict.reason() != Reason.TOO_FEW_REVIEWS) {
        assertThat(pot.offer(c).gpus()).as("left for %s", c).isZero();
      }
    }
    assertThat(academia).isLessThanOrEqualTo(rules.categoryGpus().get("ACADEMIA"));
    assertThat(ofApplicant.values())
        .allMatch(gpus -> gpus * 100L <= (long) rules.allGpus() * rules.applicantCapPct());
  }
}
