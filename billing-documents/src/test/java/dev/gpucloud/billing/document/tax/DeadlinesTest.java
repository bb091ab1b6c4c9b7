package dev.gpucloud.billing.document.tax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.document.tax.Deadlines.Warning;
import dev.gpucloud.billing.document.tax.Deadlines.Warning.Code;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlinesTest {
  private static final LocalDate WRITTEN = LocalDate.of(2026, 9, 30);

  @ParameterizedTest
  @CsvSource({"2026-09-30,2026-10-10", "2026-12-31,2027-01-10", "2028-01-31,2028-02-10"})
  void isIssuedByTheTenthOfTheNextMonth(LocalDate written, LocalDate issueBy) {
    Deadlines deadlines = Deadlines.of(written, null);
    assertThat(deadlines.issueBy()).isEqualTo(issueBy);
    assertThat(deadlines.transmitBy()).isEqualTo(issueBy.plusDays(1));
  }

  @Test
  void isTransmittedTheDayAfterItsIssue() {
    assertThat(Deadlines.of(WRITTEN, LocalDate.of(2026, 10, 2)).transmitBy())
        .isEqualTo(LocalDate.of(2026, 10, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-06,",
    "2026-10-07,ISSUE_DUE_SOON",
    "2026-10-10,ISSUE_DUE_SOON",
    "2026-10-11,ISSUE_OVERDUE"
  })
  void warnsBeforeAndAfterTheDayOfIssue(LocalDate today, Code code) {
    var warnings = Deadlines.of(WRITTEN, null).warnings(today, 3, null, false);
    if (code == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings).containsExactly(new Warning(code, LocalDate.of(2026, 10, 10)));
    }
  }

  @ParameterizedTest
  @CsvSource({"2026-10-02,TRANSMISSION_DUE_SOON", "2026-10-04,TRANSMISSION_OVERDUE"})
  void warnsOfTheTransmissionOnceIssued(LocalDate today, Code code) {
    LocalDate issued = LocalDate.of(2026, 10, 2);
    assertThat(Deadlines.of(WRITTEN, issued).warnings(today, 3, issued, false))
        .containsExactly(new Warning(code, LocalDate.of(2026, 10, 3)));
  }

  @Test
  void isSilentOnceTransmitted() {
    LocalDate issued = LocalDate.of(2026, 10, 2);
    assertThat(Deadlines.of(WRITTEN, issued).warnings(LocalDate.of(2027, 1, 1), 3, issued, true))
        .isEmpty();
  }
}
