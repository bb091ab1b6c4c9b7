package dev.gpucloud.tenant.budgets.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.tenant.budgets.engine.BudgetMeter.News;
import dev.gpucloud.tenant.budgets.engine.BudgetMeter.Terms;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetMeterTest {
  private static final BudgetWindow NOVEMBER =
      BudgetWindow.monthOf(Instant.parse("2026-11-02T00:00:00Z"));
  private static final BudgetWindow DECEMBER =
      BudgetWindow.monthOf(Instant.parse("2026-12-02T00:00:00Z"));
  private static final Terms TEN_HOURS = new Terms(10L, List.of(50, 80, 100));

  @Test
  void aMonthIsSeouls() {
    assertThat(NOVEMBER.from()).isEqualTo(Instant.parse("2026-10-31T15:00:00Z"));
    assertThat(NOVEMBER.to()).isEqualTo(Instant.parse("2026-11-30T15:00:00Z"));
    assertThat(NOVEMBER.contains(NOVEMBER.from())).isTrue();
    assertThat(NOVEMBER.contains(NOVEMBER.to())).isFalse();
    assertThat(BudgetWindow.monthOf(NOVEMBER.to())).isEqualTo(DECEMBER);
    assertThat(NOVEMBER.until(DECEMBER.to())).isEqualTo(NOVEMBER.to());
    assertThat(NOVEMBER.until(Instant.EPOCH)).isEqualTo(NOVEMBER.from());
    assertThatThrownBy(() -> new BudgetWindow(NOVEMBER.to(), NOVEMBER.to()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "17999, 0, false",
    "18000, 50, false",
    "28799, 50, false",
    "28800, 80, false",
    "35999, 80, false",
    "36000, 100, true",
    "9223372036854775807, 100, true"
  })
  void thresholdsAndTheEndAreReachedToTheSecond(long used, int warned, boolean exhausted) {
    assertThat(BudgetMeter.read(TEN_HOURS, NOVEMBER, true, used))
        .isEqualTo(new BudgetMeter(NOVEMBER, used, warned, exhausted));
  }

  @Test
  void stopsNothingOutsideItsWindowOrWithoutALimit() {
    assertThat(BudgetMeter.read(TEN_HOURS, NOVEMBER, false, 36_000).exhausted()).isFalse();
    assertThat(BudgetMeter.read(new Terms(null, List.of(1)), NOVEMBER, true, 36_000))
        .isEqualTo(new BudgetMeter(NOVEMBER, 36_000, 0, false));
  }

  @Test
  void tellsEachThresholdOnceAndTheEndOnce() {
    BudgetMeter fresh = BudgetMeter.fresh(NOVEMBER);
    BudgetMeter half = BudgetMeter.read(TEN_HOURS, NOVEMBER, true, 18_000);
    BudgetMeter later = BudgetMeter.read(TEN_HOURS, NOVEMBER, true, 20_000);
    BudgetMeter end = BudgetMeter.read(TEN_HOURS, NOVEMBER, true, 40_000);

    assertThat(half.since(fresh)).isEqualTo(News.WARNED);
    assertThat(later.since(half)).isNull();
    assertThat(end.since(later)).isEqualTo(News.EXHAUSTED);
    assertThat(end.since(end)).isNull();
  }

  @Test
  void tellsOfANewWindowAndOfUseThatWasCorrected() {
    BudgetMeter end = BudgetMeter.read(TEN_HOURS, NOVEMBER, true, 40_000);

    assertThat(BudgetMeter.fresh(DECEMBER).since(end)).isEqualTo(News.RENEWED);
    assertThat(BudgetMeter.read(TEN_HOURS, DECEMBER, true, 18_000).since(end))
        .isEqualTo(News.WARNED);
    assertThat(BudgetMeter.read(TEN_HOURS, NOVEMBER, true, 35_000).since(end))
        .isEqualTo(News.RENEWED);
    assertThat(BudgetMeter.read(TEN_HOURS, DECEMBER, true, 40_000).since(end))
        .isEqualTo(News.EXHAUSTED);
  }
}
