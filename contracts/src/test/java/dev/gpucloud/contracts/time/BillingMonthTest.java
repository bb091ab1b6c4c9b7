package dev.gpucloud.contracts.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BillingMonthTest {
  @Test
  void isASeoulCalendarMonth() {
    BillingMonth september = BillingMonth.parse("2026-09");

    assertThat(september.start()).isEqualTo(Instant.parse("2026-08-31T15:00:00Z"));
    assertThat(september.end()).isEqualTo(Instant.parse("2026-09-30T15:00:00Z"));
    assertThat(BillingMonth.of(september.start())).isEqualTo(september);
    assertThat(BillingMonth.of(september.end())).isEqualTo(BillingMonth.parse("2026-10"));
    assertThat(september.contains(september.end())).isFalse();
    assertThat(BillingMonth.parse("2026-12").next()).hasToString("2027-01");
  }

  @Test
  void refusesOtherText() {
    assertThatThrownBy(() -> BillingMonth.parse("2026-13"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2026-09");
  }
}
