package dev.gpucloud.billing.correction.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.correction.engine.LatePolicy.Way;
import dev.gpucloud.billing.correction.engine.MonthNotes.CreditBeyondBilledException;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a closed month's change comes to, and what notes come to. */
class CorrectionsTest {
  private static final BillingMonth AUGUST = BillingMonth.parse("2026-08");
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");
  private static final BillingMonth OCTOBER = BillingMonth.parse("2026-10");
  private static final Key LINE =
      new Key(null, "h100", "v1", TaxType.TAXED, LineCategory.CORRECTION, AUGUST);

  private static MonthCharge charge(long supply) {
    return MonthCharge.of(
        Map.of(TaxType.TAXED, new Won(supply)), Map.of(LINE, Rational.of(supply)));
  }

  private static Correction between(long before, long now, LatePolicy policy) {
    return between(charge(before), charge(now), policy).orElseThrow();
  }

  private static Optional<Correction> between(
      MonthCharge before, MonthCharge now, LatePolicy policy) {
    return Corrections.between(
        AUGUST,
        before,
        now,
        change -> policy.outcome(BillingMode.EXTERNAL, BillingMode.EXTERNAL, change));
  }

  @Test
  void theNextInvoiceChargesTheDifference() {
    Correction c = between(504_000, 117_000, LatePolicy.USUAL);
    assertThat(c.outcome()).isEqualTo(Outcome.NEXT_INVOICE);
    assertThat(c.lines()).isEqualTo(Map.of(LINE, Rational.of(-387_000)));
    assertThat(c.documents()).isEmpty();
  }

  @Test
  void anAmendmentTakesBackAndReplacesOnTheOriginalsLastDay() {
    Correction c = between(504_000, 117_000, new LatePolicy(Way.AMENDED, Won.ZERO));
    assertThat(c.lines()).isEmpty();
    assertThat(c.documents())
        .extracting(TaxDocument::supplyValue)
        .containsExactly(new Won(-504_000), new Won(117_000));
    assertThat(c.documents())
        .extracting(TaxDocument::vat)
        .containsExactly(new Won(-50_400), new Won(11_700));
    assertThat(c.documents())
        .extracting(TaxDocument::writeDate)
        .containsOnly(LocalDate.of(2026, 8, 31));
  }

  @Test
  void onlyTheDocumentOfTheTaxTypeThatChangedIsAmended() {
    var exempt = new NoteAmount(new Won(700), Won.ZERO);
    var before =
        new MonthCharge(
            new Won(800),
            new Won(10),
            Map.of(
                TaxType.EXEMPT, exempt, TaxType.TAXED, new NoteAmount(new Won(100), new Won(10))),
            Map.of(LINE, Rational.of(100)));
    var now =
        new MonthCharge(
            new Won(755),
            new Won(5),
            Map.of(TaxType.EXEMPT, exempt, TaxType.TAXED, new NoteAmount(new Won(55), new Won(5))),
            Map.of(LINE, Rational.of(55)));
    Correction c = between(before, now, new LatePolicy(Way.AMENDED, Won.ZERO)).orElseThrow();
    assertThat(c.documents())
        .extracting(TaxDocument::taxType, TaxDocument::supplyValue, TaxDocument::vat)
        .containsExactly(
            tuple(TaxType.TAXED, new Won(-100), new Won(-10)),
            tuple(TaxType.TAXED, new Won(55), new Won(5)));
  }

  @Test
  void ofNothingNothingIsTakenBackOrPutInItsPlace() {
    LatePolicy policy = new LatePolicy(Way.AMENDED, Won.ZERO);
    assertThat(between(0, 504_000, policy).documents())
        .extracting(TaxDocument::kind, TaxDocument::reason, TaxDocument::supplyValue)
        .containsExactly(tuple(TaxDocument.Kind.ORIGINAL, null, new Won(504_000)));
    assertThat(between(504_000, 0, policy).documents())
        .extracting(TaxDocument::kind, TaxDocument::supplyValue)
        .containsExactly(tuple(TaxDocument.Kind.REVERSAL, new Won(-504_000)));
  }

  /** As when usage moved between two projects, or changed by less than a won. */
  @Test
  void aDocumentThatIsRightAsItStandsIsNotAmended() {
    MonthCharge moved =
        MonthCharge.of(
            Map.of(TaxType.TAXED, new Won(100)), Map.of(LINE, Rational.parse("1003/10")));
    Correction c = between(charge(100), moved, new LatePolicy(Way.AMENDED, Won.ZERO)).orElseThrow();
    assertThat(c.outcome()).isEqualTo(Outcome.AMENDED);
    assertThat(c.changes()).isEqualTo(Map.of(LINE, Rational.parse("3/10")));
    assertThat(c.documents()).isEmpty();
  }

  @Test
  void whatIsNoSupplyHasNoDocumentToAmend() {
    var before = MonthCharge.of(Map.of(TaxType.OUT_OF_SCOPE, new Won(100)), Map.of());
    var now = MonthCharge.of(Map.of(TaxType.OUT_OF_SCOPE, new Won(300)), Map.of());
    Correction c = between(before, now, new LatePolicy(Way.AMENDED, Won.ZERO)).orElseThrow();
    assertThat(c.documents()).isEmpty();
    assertThat(c.supplyChanges()).isEqualTo(Map.of(TaxType.OUT_OF_SCOPE, new Won(200)));
  }

  @Test
  void lessThanTheLimitIsWrittenOffAndStillSaysWhatChanged() {
    LatePolicy policy = new LatePolicy(Way.AMENDED, new Won(1000));
    Correction less = between(504_000, 503_001, policy);
    assertThat(less.outcome()).isEqualTo(Outcome.WRITTEN_OFF);
    assertThat(less.lines()).isEmpty();
    assertThat(less.documents()).isEmpty();
    assertThat(less.changes()).isEqualTo(Map.of(LINE, Rational.of(-999)));
    assertThat(between(504_000, 503_000, policy).outcome()).isEqualTo(Outcome.AMENDED);
  }

  @Test
  void nothingChangedIsNoCorrection() {
    assertThat(between(charge(5), charge(5), LatePolicy.USUAL)).isEmpty();
  }

  @Test
  void aFractionThatNoLineShowsIsACorrectionOfNothing() {
    MonthCharge before =
        MonthCharge.of(Map.of(TaxType.TAXED, new Won(5)), Map.of(LINE, Rational.parse("51/10")));
    Correction c = between(before, charge(5), LatePolicy.USUAL).orElseThrow();
    assertThat(c.lines()).isEqualTo(Map.of(LINE, Rational.parse("-1/10")));
    assertThat(c.supplyChange()).isEqualTo(Won.ZERO);
  }

  // ---- notes

  @Test
  void aTenthOfTheMonthIsCredited() {
    Won credit = SlaCredit.of(Rational.of(10), new Won(20_280_000));
    var document = new NoteAmount(new Won(20_280_000), new Won(2_028_000));
    NoteAmount note = NoteAmount.difference(document, Won.ZERO, credit.negate(), TaxType.TAXED);
    assertThat(note).isEqualTo(new NoteAmount(new Won(-2_028_000), new Won(-202_800)));
    assertThat(note.total()).isEqualTo(new Won(-2_230_800));
  }

  @Test
  void aReplacementMirrorsTheStoredVat() {
    assertThat(
            NoteAmount.replacement(
                new Won(504_000), new Won(50_399), new Won(117_000), TaxType.TAXED))
        .isEqualTo(new NoteAmount(new Won(-387_000), new Won(11_700 - 50_399)));
    assertThat(NoteAmount.takeBack(new Won(7), new Won(1)))
        .isEqualTo(new NoteAmount(new Won(-7), new Won(-1)));
  }

  @Test
  void creditsBeyondWhatWasBilledAreRefused() {
    List<SlaCredit> credits = List.of(credit("a", 20_000, 1), credit("b", 16_001, 2));
    assertThatThrownBy(() -> ofSeptember().creditNotes(credits, OCTOBER, Instant.MAX))
        .isInstanceOf(CreditBeyondBilledException.class)
        .hasMessageContaining("with b the credits of 2026-09 come to 36001 won, but 36000");
    // what is granted later is not of this month
    assertThat(ofSeptember().creditNotes(credits, BillingMonth.parse("2026-09"), Instant.MAX))
        .isEmpty();
  }

  @Test
  void aRescissionIsWrittenOnItsDayAndADoubleIssueOnTheOriginals() {
    LocalDate on = LocalDate.of(2026, 10, 5);
    List<TakeBack> both =
        List.of(
            new TakeBack(SEPTEMBER, TakeBack.Reason.CONTRACT_RESCINDED, on),
            new TakeBack(SEPTEMBER, TakeBack.Reason.DOUBLE_ISSUE, on));
    assertThat(ofSeptember().takenBack(both, OCTOBER, Instant.MAX))
        .containsExactly(
            takenBack(TaxDocument.Reason.CONTRACT_RESCINDED, on),
            takenBack(TaxDocument.Reason.DOUBLE_ISSUE, LocalDate.of(2026, 9, 30)));
    assertThat(ofSeptember().takenBack(both, SEPTEMBER, Instant.MAX)).isEmpty();
  }

  private static TaxDocument takenBack(TaxDocument.Reason reason, LocalDate written) {
    return new TaxDocument(
        TaxDocument.Kind.REVERSAL,
        reason,
        SEPTEMBER,
        written,
        TaxType.TAXED,
        new Won(-36_000),
        new Won(-3_600));
  }

  private static SlaCredit credit(String id, long won, int day) {
    return new SlaCredit(
        id, SEPTEMBER, null, new Won(won), null, null, LocalDate.of(2026, 10, day));
  }

  /** Of a September of 36,000 won. */
  private static MonthNotes ofSeptember() {
    Story story = Story.atListPrice().run(8, "2026-09-10T10:00", "2026-09-10T11:00");
    return new MonthNotes(
        new ClosedMonths(
            (month, by) -> story.invoice(month.toString()),
            List.of(),
            LatePolicy.USUAL,
            month -> BillingMode.EXTERNAL));
  }

  @Test
  void whatIsNotTaxedHasNoVatToTakeBack() {
    var document = new NoteAmount(new Won(5_000), Won.ZERO);
    assertThat(NoteAmount.difference(document, Won.ZERO, new Won(-1000), TaxType.ZERO_RATED).vat())
        .isEqualTo(Won.ZERO);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void creditsOfAllOfADocumentNetItsVatToNothing(long seed) {
    var random = new Random(seed);
    Won supply = new Won(1 + random.nextLong(1_000_000_000));
    Won changed = Won.ZERO;
    // prices that include VAT round it up as well as down
    Won inclusive = new Won(Rational.of(supply.amount(), 10).roundHalfUpToLong());
    Won vat = seed % 2 == 0 ? Vat.of(supply) : inclusive;
    var document = new NoteAmount(supply, vat);
    while (supply.plus(changed).amount() > 0) {
      long left = supply.plus(changed).amount();
      Won part = new Won(-Math.min(left, 1 + random.nextLong(left)));
      vat = vat.plus(NoteAmount.difference(document, changed, part, TaxType.TAXED).vat());
      changed = changed.plus(part);
    }
    assertThat(vat).isEqualTo(Won.ZERO);
  }
}
