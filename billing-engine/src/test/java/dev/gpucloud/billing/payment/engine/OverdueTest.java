package dev.gpucloud.billing.payment.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.payment.engine.DunningPolicy.Reached;
import dev.gpucloud.billing.payment.engine.DunningPolicy.Step;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverdueTest {
  private static final LocalDate DUE = LocalDate.of(2026, 11, 10);
  private static final Step REMINDER = new Step("REMINDER", 1);
  private static final Step SECOND = new Step("SECOND_NOTICE", 14);
  private static final Step FINAL = new Step("FINAL_NOTICE", 30);
  private static final DunningPolicy POLICY = new DunningPolicy(List.of(REMINDER, SECOND, FINAL));

  @ParameterizedTest
  @CsvSource({
    "1000, 0, 2026-11-10, UNPAID",
    "1000, 0, 2026-11-11, OVERDUE",
    "1000, 999, 2026-11-10, PARTIALLY_PAID",
    "1000, 999, 2026-11-11, OVERDUE",
    "1000, 1000, 2027-11-11, PAID",
    "1000, 1200, 2026-11-01, PAID",
    "0, 0, 2027-11-01, PAID",
    "-500, 0, 2027-11-01, PAID"
  })
  void hasAStateOnEachDay(long total, long paid, LocalDate today, PaymentState state) {
    assertThat(PaymentState.of(total, paid, DUE, today)).isEqualTo(state);
  }

  @Test
  void sortsWhatIsOpenByItsAge() {
    List<OpenInvoice> open =
        List.of(open(0, 1), open(1, 10), open(30, 100), open(31, 1000), open(90, 5), open(91, 7));

    Ageing ageing = Ageing.of(open, DUE);

    assertThat(ageing).isEqualTo(new Ageing(1, 110, 1000, 5, 7));
    assertThat(ageing.overdue()).isEqualTo(1122);
    assertThat(ageing.total()).isEqualTo(1123);
  }

  private static OpenInvoice open(int daysLate, long won) {
    return new OpenInvoice(UUID.randomUUID(), "n", "b", "c", DUE.minusDays(daysLate), won);
  }

  @Test
  void takesEachStepOnceAndTheLatestAloneWhenSomeWereMissed() {
    assertThat(POLICY.due(DUE, DUE, 0)).isEmpty();
    assertThat(POLICY.due(DUE, DUE.plusDays(1), 0)).contains(new Reached(1, REMINDER, 1));
    assertThat(POLICY.due(DUE, DUE.plusDays(13), 1)).isEmpty();
    assertThat(POLICY.due(DUE, DUE.plusDays(14), 1)).contains(new Reached(2, SECOND, 14));
    assertThat(POLICY.due(DUE, DUE.plusDays(45), 0)).contains(new Reached(3, FINAL, 45));
    assertThat(POLICY.due(DUE, DUE.plusDays(400), 3)).isEmpty();
  }

  @Test
  void refusesStepsOutOfOrder() {
    assertThatThrownBy(() -> new DunningPolicy(List.of(SECOND, REMINDER)))
        .hasMessage("step REMINDER must come later than day 14");
    assertThatThrownBy(() -> new DunningPolicy(List.of(new Step("AT_ONCE", 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
