package dev.gpucloud.benchmarks.grants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.benchmarks.grants.GrantsBenchmark.Totals;
import dev.gpucloud.tenant.grants.engine.AwardEngine;
import dev.gpucloud.tenant.grants.engine.Candidate;
import dev.gpucloud.tenant.grants.engine.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstRoundTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void awardsTheRoundAtItsRealSize(long seed) {
    List<Candidate> candidates = FirstRound.of(seed).candidates();

    List<Verdict> verdicts = AwardEngine.award(FirstRound.rules(), candidates);

    Totals totals = Totals.of(candidates, verdicts);
    assertThat(totals.applications()).isEqualTo(514);
    assertThat(totals.askedGpus()).isEqualTo(13_712);
    assertThat(totals.gpus()).isEqualTo(4_224);
    assertThat(totals.hosts())
        .isEqualTo(Map.of("ACADEMIA", 328, "ENTERPRISE", 161, "RESEARCH", 39));
    assertThat(totals.awards()).isEqualTo(159);
    assertThat(totals.regionalGpus() * 5).isGreaterThanOrEqualTo(4_224);
    assertThat(verdicts).allSatisfy(v -> assertThat(v.explanation()).startsWith("Rank "));
  }
}
