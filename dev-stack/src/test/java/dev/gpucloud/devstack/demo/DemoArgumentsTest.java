package dev.gpucloud.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.cli.CliException;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoArgumentsTest {
  /** 2026-11-02 09:00 in Seoul, where the scenario starts. */
  private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");

  @Test
  void billsTheCurrentMonthWhenItIsUntouched() {
    assertThat(BillableMonth.choose(START, Duration.ofHours(24), false))
        .isEqualTo(new BillableMonth(BillingMonth.parse("2026-11"), START));
  }

  @Test
  void billsTheNextMonthFromItsFirstInstantWhenTheCurrentOneIsTouched() {
    assertThat(BillableMonth.choose(START, Duration.ofHours(24), true))
        .isEqualTo(
            new BillableMonth(
                BillingMonth.parse("2026-12"), Instant.parse("2026-11-30T15:00:00Z")));
  }

  @Test
  void billsTheNextMonthWhenTheHoursNoLongerFitIntoTheCurrentOne() {
    Instant lastDay = Instant.parse("2026-11-29T15:00:00Z");
    assertThat(BillableMonth.choose(lastDay, Duration.ofHours(24), false).month())
        .isEqualTo(BillingMonth.parse("2026-12"));
    assertThat(BillableMonth.choose(lastDay, Duration.ofHours(23), false).month())
        .isEqualTo(BillingMonth.parse("2026-11"));
  }

  @Test
  void refusesHoursThatTheNextMonthDoesNotHold() {
    Instant january = Instant.parse("2027-01-20T00:00:00Z");
    assertThatThrownBy(() -> BillableMonth.choose(january, Duration.ofHours(672), false))
        .isInstanceOf(CliException.class)
        .hasMessage("--hours 672 does not fit into the month to bill, 2027-02: at most 671.");
  }

  @ParameterizedTest
  @CsvSource({"0,24", "-1,24", "501,24", "2,0", "2,-5", "2,744"})
  void refusesCountsAndHoursOutOfBounds(int count, int hours) {
    assertThatThrownBy(() -> new DemoArguments("t", "y", count, hours, List.of()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("must be between 1 and");
  }

  @Test
  void splitsTheHoursWithoutLosingASecond() {
    DemoArguments odd = new DemoArguments("t", "y", 1, 7, List.of());
    assertThat(odd.firstHalf()).isEqualTo(Duration.ofMinutes(210));
    assertThat(odd.firstHalf().plus(odd.secondHalf())).isEqualTo(Duration.ofHours(7));
  }

  @Test
  void readsWhatToKillAndWhen() {
    assertThat(Kill.parse("inventory-service@month-end"))
        .isEqualTo(new Kill("inventory-service", DemoStep.MONTH_END));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "inventory-service", "@boot", "inventory-service@", "a b"})
  void refusesAKillWithoutServiceAndStep(String text) {
    assertThatThrownBy(() -> Kill.parse(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("SERVICE@STEP");
  }

  @Test
  void namesTheValidStepsWhenOneIsUnknown() {
    assertThatThrownBy(() -> Kill.parse("gateway@lunch"))
        .isInstanceOf(CliException.class)
        .hasMessage("The demo has no step 'lunch'.")
        .extracting(e -> ((CliException) e).hints(), InstanceOfAssertFactories.LIST)
        .first()
        .asString()
        .contains("login, catalogue, clock, create, boot, run, stop, rest, delete, month-end");
  }
}
