package dev.gpucloud.billing.statement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Terms of one spend commitment are one floor, and others measure the usage by themselves. */
class SpendFloorTest {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final long MONTHLY = 100_000_000;

  private static SpendCommitment term(String id, String from, @Nullable String until) {
    return new SpendCommitment(
        id, new Won(MONTHLY), new Term(at(from), until == null ? null : at(until)));
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T00:00:00+09:00");
  }

  @Test
  void sumsWhatEachTermAsksForItsDaysInWholeWon() {
    List<SpendFloor> floors =
        SpendFloor.of(
            List.of(
                term("s", "2026-01-01", "2026-09-11"),
                term("s", "2026-09-11", "2026-09-21"),
                term("s", "2026-09-21", null)),
            MONTH);

    assertThat(floors).extracting(SpendFloor::floor).containsExactly(new Won(99_999_999));
    assertThat(floors.getFirst().trueUp(new Won(60_000_000))).isEqualTo(new Won(39_999_999));
    assertThat(floors.getFirst().trueUp(new Won(99_999_999))).isEqualTo(Won.ZERO);
    assertThat(floors.getFirst().trueUp(new Won(100_000_000))).isEqualTo(Won.ZERO);
  }

  @Test
  void asksForNothingOutsideItsTerms() {
    List<SpendFloor> floors =
        SpendFloor.of(
            List.of(term("s", "2026-01-01", "2026-09-01"), term("s", "2026-10-01", null)), MONTH);

    assertThat(floors).extracting(SpendFloor::floor).containsExactly(Won.ZERO);
  }

  @Test
  void measuresEachIdByItself() {
    List<SpendFloor> floors =
        SpendFloor.of(
            List.of(
                term("b", "2026-01-01", "2026-09-16"),
                term("a", "2026-09-16", null),
                term("b", "2026-09-16", "2026-09-19")),
            MONTH);

    assertThat(floors).extracting(SpendFloor::id).containsExactly("b", "a");
    assertThat(floors)
        .extracting(SpendFloor::floor)
        .containsExactly(new Won(60_000_000), new Won(50_000_000));
  }
}
