package dev.gpucloud.billing.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class PaymentFileTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 12, 4);

  private static PaymentFile.Content read(String text) {
    return PaymentFile.read(text.getBytes(StandardCharsets.UTF_8), TODAY, 100);
  }

  @Test
  void namesEveryRowThatLacksACellOrHasOneTooMany() {
    ProblemException problem =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                read(
                    """
                    거래일자,입금자명,입금액,적요
                    2026-12-03,,7,x

                    2026-12-03,F
                    2026-12-03,G,8
                    2026-12-03,=cmd|calc,9,y,z
                    2026-12-03,H,10,ok
                    """));

    assertThat(problem.errors())
        .extracting(FieldError::pointer, FieldError::detail)
        .containsExactly(
            tuple("/lines/2/payer", "is empty"),
            tuple("/lines/4", "has 2 columns, and line 1 names 4: '입금액', '적요' missing"),
            tuple("/lines/5", "has 3 columns, and line 1 names 4: '적요' missing"),
            tuple(
                "/lines/6",
                "has 5 columns, and line 1 names 4: one without a name begins with 'z'"));
  }

  @Test
  void skipsAndCountsPaymentsOut() {
    PaymentFile.Content file =
        read(
            """
            거래일자,입금자명,출금액,입금액
            2026-12-01,전기요금,55000,
            2026-12-01,임차료,70000,0
            2026-12-02,한빛,,100
            """);

    assertThat(file.skipped()).isEqualTo(2);
    assertThat(file.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.number()).isEqualTo(4))
        .satisfies(line -> assertThat(line.receipt().amountKrw()).isEqualTo(100));
  }
}
