package dev.gpucloud.billing.document.tax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.Invoices.Wanted;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class AmendmentsTest {
  private static final LocalDate WRITTEN = LocalDate.of(2026, 9, 30);
  private static final LocalDate LATER = LocalDate.of(2026, 10, 12);
  private static final String APPROVAL = "202610010000000000000001";

  @Test
  void takesBackAndReplacesAfterAnEntryError() {
    Outcome outcome = of(504_000, 1).entryError(document(117_000));
    assertThat(((Outcome.Ready) outcome).documents())
        .satisfiesExactly(
            minus -> {
              amounts(minus, -504_000, -50_400);
              assertThat(minus.key()).isEqualTo("2026-09-000123-M1");
              assertThat(minus.writeDate()).isEqualTo(WRITTEN);
              assertThat(minus.amendment())
                  .isEqualTo(new Amendment(Reason.ENTRY_ERROR, "2026-09-000123", APPROVAL));
            },
            plus -> {
              amounts(plus, 117_000, 11_700);
              assertThat(plus.key()).isEqualTo("2026-09-000123-P1");
              assertThat(plus.writeDate()).isEqualTo(WRITTEN);
            });
  }

  @Test
  void ofNothingNothingIsTakenBackOrPutInItsPlace() {
    TaxInvoice right = only(of(0, 1).entryError(document(117_000)));
    amounts(right, 117_000, 11_700);
    assertThat(right.key()).isEqualTo("2026-09-000123-P1");
    TaxInvoice back = only(of(504_000, 1).entryError(nothing()));
    amounts(back, -504_000, -50_400);
    TaxInvoice again = only(of(504_000, 2).replacement(document(9_000)));
    amounts(again, 9_000, 900);
    assertThat(again.key()).isEqualTo("2026-09-000123-P2");
  }

  @Test
  void writesAnSlaCreditOnTheDayItIsGranted() {
    TaxInvoice note =
        only(of(20_280_000, 1).supplyValueChange(new Won(-2_028_000), Won.ZERO, LATER, "SLA"));
    amounts(note, -2_028_000, -202_800);
    assertThat(note.writeDate()).isEqualTo(LATER);
    assertThat(note.amendment().reason()).isEqualTo(Reason.SUPPLY_VALUE_CHANGE);
  }

  @Test
  void creditsThatTakeAllBackTakeAllVatBack() {
    long vat = 0;
    long before = 0;
    for (long credit : new long[] {-15, -15, -15, -1_960}) {
      TaxInvoice note =
          only(of(2_005, 1).supplyValueChange(new Won(credit), new Won(before), LATER, "x"));
      vat += note.vat().amount();
      before += credit;
    }
    assertThat(vat).isEqualTo(-200);
    assertThat(document(2_005).vat()).isEqualTo(new Won(200));
  }

  @Test
  void refusesACreditOfMoreThanIsLeft() {
    assertThat(of(1_000, 2).supplyValueChange(new Won(-600), new Won(-500), LATER, "x"))
        .isEqualTo(
            new Outcome.Refused(
                List.of(
                    new Violation(
                        "/supplyValue", "takes back more than is left of the original, 500"))));
  }

  @Test
  void refusesAChangeOfNothingBeforeTheOriginal() {
    Outcome outcome = of(1_000, 1).supplyValueChange(Won.ZERO, Won.ZERO, WRITTEN.minusDays(1), "x");
    assertThat(((Outcome.Refused) outcome).violations())
        .extracting(Violation::pointer)
        .containsExactly("/supplyValue", "/day");
  }

  @Test
  void takesBackARescindedContractOnTheDayItEnded() {
    TaxInvoice minus = only(of(1_009, 3).contractRescinded(LATER));
    amounts(minus, -1_009, -100);
    assertThat(minus.key()).isEqualTo("2026-09-000123-M3");
    assertThat(minus.writeDate()).isEqualTo(LATER);
    assertThat(minus.amendment().reason().code()).isEqualTo(4);
  }

  @Test
  void takesBackADoubleIssueOnItsOwnDay() {
    TaxInvoice minus = only(of(1_009, 1).doubleIssue());
    amounts(minus, -1_009, -100);
    assertThat(minus.writeDate()).isEqualTo(WRITTEN);
    assertThat(minus.amendment().reason().code()).isEqualTo(6);
  }

  private static Amendments of(long supply, int ordinal) {
    return new Amendments(supply == 0 ? nothing() : document(supply), APPROVAL, ordinal);
  }

  /** As it was made before: a document of 0 won. */
  private static TaxInvoice nothing() {
    TaxInvoice some = document(1_000);
    return new TaxInvoice(
        some.key(),
        some.taxType(),
        some.purpose(),
        some.writeDate(),
        some.supplier(),
        some.recipient(),
        Won.ZERO,
        Won.ZERO,
        List.of(new TaxItem(some.writeDate(), "x", null, null, null, Won.ZERO, Won.ZERO, null)),
        false,
        null);
  }

  private static TaxInvoice document(long supply) {
    return TaxInvoicesTest.document(
        Invoices.of(
            List.of(
                Wanted.usage(
                    "p",
                    "sku",
                    Invoices.row(1, 1, 3_600_000, Rational.of(supply), Rational.of(supply))))));
  }

  private static TaxInvoice only(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Ready.class);
    assertThat(((Outcome.Ready) outcome).documents()).hasSize(1);
    return ((Outcome.Ready) outcome).documents().getFirst();
  }

  private static void amounts(TaxInvoice document, long supply, long vat) {
    assertThat(document.supplyValue()).isEqualTo(new Won(supply));
    assertThat(document.vat()).isEqualTo(new Won(vat));
  }
}
