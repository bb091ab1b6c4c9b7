package dev.gpucloud.billing.review.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.review.engine.Anomaly.Kind;
import dev.gpucloud.billing.review.engine.BilledMonth.Use;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyEngineTest {
  private static final String SKU = "h100.on-demand.kr-ulsan";
  private final AnomalyEngine engine = new AnomalyEngine(new AnomalyThresholds(50, 1_000_000));

  private static BilledMonth month(long supply) {
    return new BilledMonth(supply, Map.of());
  }

  private static BilledMonth month(long supply, String sku, long hours, long amount) {
    return new BilledMonth(supply, Map.of(sku, new Use(hours * 3600, amount)));
  }

  @ParameterizedTest
  @CsvSource({
    "10000000, 10000000, false",
    "14999999, 10000000, false",
    "15000000, 10000000, true",
    "5000000, 10000000, true",
    "5000001, 10000000, false",
    "1800000, 900000, false",
    "0, 999999, false",
    "1000000, 0, true",
    "-5000000, 5000000, true"
  })
  void comparesSupplyByShareAndByAmount(long now, long before, boolean isFar) {
    assertThat(engine.compare(month(now), month(before)))
        .extracting(Anomaly::kind)
        .isEqualTo(isFar ? java.util.List.of(Kind.SUPPLY_CHANGED) : java.util.List.of());
  }

  @Test
  void saysBothFigures() {
    assertThat(engine.compare(month(30_000_000), month(10_000_000)))
        .containsExactly(
            new Anomaly(Kind.SUPPLY_CHANGED, "invoice", "30000000 won after 10000000 won"));
  }

  @Test
  void doublingHoursAtTheSameRateIsAChangeOfSupplyAlone() {
    assertThat(
            engine.compare(
                month(9_000_000, SKU, 2000, 9_000_000), month(4_500_000, SKU, 1000, 4_500_000)))
        .extracting(Anomaly::kind)
        .containsExactly(Kind.SUPPLY_CHANGED);
  }

  @Test
  void sameAmountForFarFewerHoursIsAChangeOfUnitCost() {
    assertThat(
            engine.compare(
                month(4_500_000, SKU, 500, 4_500_000), month(4_500_000, SKU, 1000, 4_500_000)))
        .containsExactly(
            new Anomaly(
                Kind.UNIT_COST_CHANGED,
                SKU,
                "4500000 won for 500 GPU-hours, 2250000 won at last month's rate"));
  }

  @Test
  void namesSkusThatAreNewOrGoneWhenTheyMatter() {
    BilledMonth small = month(2_000_000, "small", 1, 999_999);
    BilledMonth big = month(2_000_000, "big", 1, 1_000_000);

    assertThat(engine.compare(big, small))
        .containsExactly(new Anomaly(Kind.NEW_SKU, "big", "1000000 won, none last month"));
    assertThat(engine.compare(small, big))
        .containsExactly(new Anomaly(Kind.SKU_GONE, "big", "1000000 won last month, now none"));
  }

  @Test
  void largeAmountsDoNotOverflow() {
    long large = 9_000_000_000_000_000_000L;
    assertThat(
            engine.compare(
                month(large, SKU, 1_000_000_000L, large), month(large, SKU, 1_000_000_000L, large)))
        .isEmpty();
    assertThat(engine.compare(month(-large), month(large))).hasSize(1);
  }

  @Test
  void thresholdsOfNothingAreRefused() {
    assertThatThrownBy(() -> new AnomalyThresholds(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
