package dev.gpucloud.billing.spend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.spend.engine.BudgetMeter.Growth;
import dev.gpucloud.billing.spend.engine.BudgetMeter.Look;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetMeterTest {
  private static final BillingMonth NOVEMBER = BillingMonth.parse("2026-11");
  private static final BillingMonth DECEMBER = BillingMonth.parse("2026-12");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static BudgetTerms terms(long won, Integer stop, String... thresholds) {
    return new BudgetTerms(won, set(thresholds), stop);
  }

  private static SortedSet<Threshold> set(String... thresholds) {
    var all = new TreeSet<Threshold>();
    Arrays.stream(thresholds).map(Threshold::parse).forEach(all::add);
    return all;
  }

  /** So much spent when so many days of November have passed, and all that runs going on. */
  private static MonthSpend at(int days, String spent, String ifGoingOn) {
    return new MonthSpend(
        NOVEMBER, day(days), Rational.parse(spent), Rational.parse(ifGoingOn), true);
  }

  private static Instant day(int days) {
    return NOVEMBER.start().plus(Duration.ofDays(days));
  }

  @Test
  void tellsEachThresholdWhenItIsReachedToTheWonAndOnlyOnce() {
    BudgetTerms terms = terms(1000, null, "ACTUAL:50", "ACTUAL:80", "FORECAST:100");
    BudgetMeter meter = BudgetMeter.fresh(NOVEMBER);

    Look justBelow = meter.look(terms, at(3, "499.999999999999", "900"));
    Look exactly = justBelow.meter().look(terms, at(4, "500", "999.9"));
    Look same = exactly.meter().look(terms, at(5, "500", "999.9"));
    Look rest = same.meter().look(terms, at(6, "1200", "2000"));

    assertThat(justBelow.news().reached()).isEmpty();
    assertThat(exactly.news().reached()).isEqualTo(set("ACTUAL:50"));
    assertThat(same.news().reached()).isEmpty();
    assertThat(rest.news().reached()).isEqualTo(set("ACTUAL:80", "FORECAST:100"));
    assertThat(rest.meter().told()).isEqualTo(set("ACTUAL:50", "ACTUAL:80", "FORECAST:100"));
  }

  @Test
  void aForecastThatFallsAndRisesAgainIsNoNews() {
    BudgetTerms terms = terms(1000, null, "FORECAST:100");
    BudgetMeter high = BudgetMeter.fresh(NOVEMBER).look(terms, at(1, "10", "1000")).meter();

    BudgetMeter low = high.look(terms, at(2, "20", "40")).meter();
    Look again = low.look(terms, at(3, "30", "5000"));

    assertThat(low.forecast()).isEqualTo(Rational.of(40));
    assertThat(again.news().reached()).isEmpty();
  }

  @Test
  void aNewMonthBeginsAnew() {
    BudgetTerms terms = terms(1000, 100, "ACTUAL:50");
    BudgetMeter november = BudgetMeter.fresh(NOVEMBER).look(terms, at(9, "1000", "1000")).meter();

    Look december = november.look(terms, MonthSpend.none(DECEMBER, DECEMBER.start()));
    Look later =
        december
            .meter()
            .look(
                terms,
                new MonthSpend(
                    DECEMBER, DECEMBER.start(), Rational.of(500), Rational.of(500), true));

    assertThat(november.stopped()).isTrue();
    assertThat(december.meter()).isEqualTo(BudgetMeter.fresh(DECEMBER));
    assertThat(december.news().growth()).isEqualTo(Growth.RESUMED);
    assertThat(later.news().reached()).isEqualTo(set("ACTUAL:50"));
  }

  @Test
  void stopsGrowthAtItsLimitAndResumesItWhenTheBudgetIsRaised() {
    BudgetTerms terms = terms(1000, 90);
    BudgetMeter before = BudgetMeter.fresh(NOVEMBER).look(terms, at(1, "899.99", "5000")).meter();

    Look stopped = before.look(terms, at(2, "900", "5000"));
    Look still = stopped.meter().look(terms, at(3, "1100", "5000"));
    BudgetMeter raised = still.meter().under(terms(2000, 90));

    assertThat(before.stopped()).isFalse();
    assertThat(stopped.news().growth()).isEqualTo(Growth.STOPPED);
    assertThat(still.news().growth()).isEqualTo(Growth.AS_BEFORE);
    assertThat(still.meter().growth(raised)).isEqualTo(Growth.RESUMED);
    assertThat(still.meter().under(terms(1000, null)).stopped()).isFalse();
    assertThat(still.meter().under(terms(1200, 90)).stopped()).isTrue();
    assertThat(raised.under(terms(1000, 100)).stopped()).isTrue();
  }

  @Test
  void spendingThatIsCorrectedBelowTheLimitResumesGrowth() {
    BudgetTerms terms = terms(1000, 100);
    BudgetMeter stopped = BudgetMeter.fresh(NOVEMBER).look(terms, at(2, "1000", "1000")).meter();

    Look corrected = stopped.look(terms, at(3, "999", "999"));

    assertThat(corrected.news().growth()).isEqualTo(Growth.RESUMED);
  }

  @Test
  void aThresholdIsToldAgainOnlyIfARaisedBudgetWasNoLongerAtIt() {
    BudgetTerms small = terms(1000, null, "ACTUAL:50", "ACTUAL:100");
    BudgetMeter told = BudgetMeter.fresh(NOVEMBER).look(small, at(2, "1000", "1000")).meter();
    BudgetTerms large = terms(2000, null, "ACTUAL:50", "ACTUAL:100");

    BudgetMeter raised = told.under(large);
    Look nothing = raised.look(large, at(3, "1999", "1999"));
    Look again = nothing.meter().look(large, at(4, "2000", "2000"));

    assertThat(raised.told()).isEqualTo(set("ACTUAL:50"));
    assertThat(nothing.news().reached()).isEmpty();
    assertThat(again.news().reached()).isEqualTo(set("ACTUAL:100"));
  }

  @Test
  void aThresholdThatIsAddedOrALoweredBudgetIsToldAtTheNextLook() {
    BudgetTerms terms = terms(1000, null, "ACTUAL:50");
    BudgetMeter told = BudgetMeter.fresh(NOVEMBER).look(terms, at(2, "600", "600")).meter();
    BudgetTerms lower = terms(500, null, "ACTUAL:50", "ACTUAL:110");

    Look next = told.under(lower).look(lower, at(2, "600", "600"));

    assertThat(next.news().reached()).isEqualTo(set("ACTUAL:110"));
  }

  @ParameterizedTest(name = "after {0} days with {1} spent, running {2}: {3}")
  @CsvSource({
    "10, 300, true, 700", // what runs goes on: the formula's first case, whatever was before
    "10, 300, false, 900", // a third of the month's 30 days: three times as much
    "1, 10, false, 300",
    "0, 10, false, 10", // too early for a rate
    "30, 300, false, 300",
  })
  void forecastsTheEndOfTheMonth(int days, String spent, boolean running, String forecast) {
    var spend =
        new MonthSpend(NOVEMBER, day(days), Rational.parse(spent), Rational.of(700), running);

    assertThat(spend.forecast()).isEqualTo(Rational.parse(forecast));
  }

  @Test
  void looksAgainJustWhenSpendingOnReachesTheNextAmount() {
    BudgetTerms terms = terms(1000, 90, "ACTUAL:80", "ACTUAL:100", "FORECAST:10");
    // 20 days are left, and 1,728,000 won of them: 1 won a second
    MonthSpend spend = at(10, "700", "1728700");

    assertThat(BudgetMeter.nextLook(terms, spend, LONGEST))
        .isEqualTo(day(10).plusSeconds(100).plusMillis(1));
    assertThat(BudgetMeter.nextLook(terms, spend, Duration.ofSeconds(30)))
        .isEqualTo(day(10).plusSeconds(30));
    assertThat(BudgetMeter.nextLook(terms, at(10, "800", "1728800"), LONGEST))
        .isEqualTo(day(10).plusSeconds(100).plusMillis(1));
    assertThat(BudgetMeter.nextLook(terms, at(10, "1001", "1729001"), LONGEST))
        .isEqualTo(day(10).plus(LONGEST));
  }

  @Test
  void looksAgainAtTheEndOfTheMonthAtTheLatest() {
    Instant last = NOVEMBER.end().minusSeconds(10);
    var spend = new MonthSpend(NOVEMBER, last, Rational.ONE, Rational.ONE, false);

    assertThat(BudgetMeter.nextLook(terms(1000, 90), spend, LONGEST)).isEqualTo(NOVEMBER.end());
  }

  /**
   * However often and whenever it is looked at: each threshold once, none too early, all at last.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void tellsEveryThresholdOnceWhileSpendingGrows(long seed) {
    var random = new Random(seed);
    BudgetTerms terms = terms(1000, null, "ACTUAL:1", "ACTUAL:33", "ACTUAL:100", "ACTUAL:250");
    BudgetMeter meter = BudgetMeter.fresh(NOVEMBER);
    var told = new TreeSet<Threshold>();
    long spent = 0;
    while (spent < 2500) {
      spent += random.nextInt(400);
      Look look = meter.look(terms, at(5, Long.toString(spent), Long.toString(spent)));
      for (Threshold reached : look.news().reached()) {
        assertThat(told.add(reached)).as("%s again", reached).isTrue();
        assertThat(spent).isGreaterThanOrEqualTo(reached.percent() * 10L);
      }
      meter = look.meter();
    }

    assertThat(told).isEqualTo(terms.thresholds());
  }

  @Test
  void refusesWhatIsNoBudgetAndNoThreshold() {
    assertThatThrownBy(() -> terms(0, null)).isInstanceOf(IllegalArgumentException.class);
    for (String wrong : new String[] {"ACTUAL:0", "ACTUAL:1001", "ACTUAL", "x:1", "ACTUAL:x"}) {
      assertThatThrownBy(() -> Threshold.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Threshold.parse("FORECAST:120"))
        .hasToString("FORECAST:120")
        .isEqualTo(new Threshold(Threshold.Basis.FORECAST, 120));
  }
}
