package dev.gpucloud.billing.document.breakdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
  private static SortedMap<String, Rational> weights(Map<String, Long> of) {
    var weights = new TreeMap<String, Rational>();
    of.forEach((key, weight) -> weights.put(key, Rational.of(weight)));
    return weights;
  }

  @Test
  void theLargestRemainderGetsWhatIsLeftAndTiesGoToTheEarlierKey() {
    assertThat(Shares.split(new Won(100), weights(Map.of("a", 1L, "b", 1L, "c", 1L))))
        .containsExactly(
            Map.entry("a", new Won(34)), Map.entry("b", new Won(33)), Map.entry("c", new Won(33)));
    assertThat(Shares.split(new Won(10), weights(Map.of("a", 1L, "b", 2L))))
        .containsExactly(Map.entry("a", new Won(3)), Map.entry("b", new Won(7)));
  }

  @Test
  void aMinusIsSplitAsItsMagnitudeIs() {
    assertThat(Shares.split(new Won(-100), weights(Map.of("a", -1L, "b", -1L, "c", -1L))))
        .containsExactly(
            Map.entry("a", new Won(-34)),
            Map.entry("b", new Won(-33)),
            Map.entry("c", new Won(-33)));
  }

  @Test
  void aCorrectionTakesFromOneAndGivesToAnother() {
    assertThat(Shares.split(new Won(-40), weights(Map.of("a", -100L, "b", 60L))))
        .containsExactly(Map.entry("a", new Won(-100)), Map.entry("b", new Won(60)));
    assertThat(Shares.split(new Won(4), weights(Map.of("a", -100L, "b", 140L))))
        .containsExactly(Map.entry("a", new Won(-10)), Map.entry("b", new Won(14)));
  }

  @Test
  void withoutWeightsTheFirstTakesAll() {
    assertThat(Shares.split(new Won(7), weights(Map.of("a", 0L, "b", 0L))))
        .containsExactly(Map.entry("a", new Won(7)), Map.entry("b", Won.ZERO));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void partsSumToTheWholeAndAreOffByLessThanAWon(long seed) {
    var random = new Random(seed);
    var weights = new TreeMap<String, Rational>();
    for (int i = 0; i < 1 + random.nextInt(40); i++) {
      weights.put("k" + i, Rational.of(random.nextLong(1_000_000), 1 + random.nextInt(997)));
    }
    var whole = new Won(random.nextLong(1_000_000_000_000L));
    Rational sum = weights.values().stream().reduce(Rational.ZERO, Rational::add);

    SortedMap<String, Won> parts = Shares.split(whole, weights);

    assertThat(parts.values().stream().reduce(Won.ZERO, Won::plus)).isEqualTo(whole);
    parts.forEach(
        (key, won) ->
            assertThat(
                    Rational.of(whole.amount())
                        .multiply(weights.get(key))
                        .divide(sum)
                        .subtract(Rational.of(won.amount()))
                        .abs())
                .isLessThan(Rational.ONE));
  }
}
