package dev.gpucloud.billing.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoteCheckTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 10, 5);
  private static final LocalDate OUTAGE = LocalDate.of(2026, 9, 10);

  private static final String H100 = "h100.on-demand.kr-seoul";

  private static BilledLine line(TaxType type, String sku, boolean late, long supply, long vat) {
    return new BilledLine(type, null, null, sku, late, new Won(supply), new Won(vat));
  }

  private static NoteTarget target(BilledLine... lines) {
    return target(List.of(lines), List.of());
  }

  private static NoteTarget target(List<BilledLine> lines, List<Note> notes) {
    return new NoteTarget(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "2026-09-000001",
        BillingMonth.parse("2026-09"),
        BillingMode.EXTERNAL,
        LocalDate.of(2026, 9, 30),
        lines,
        notes);
  }

  private static NoteTarget target(long changed, long waiting) {
    return target(
        List.of(
            line(TaxType.TAXED, H100, false, 280_001, 28_000),
            line(TaxType.TAXED, "b200", false, 19_999_999, 2_000_000)),
        List.of(note(Note.State.ISSUED, changed), note(Note.State.IN_REVIEW, waiting)));
  }

  private static Note note(Note.State state, long supply) {
    var by = new Note.Person("p", "p", Instant.EPOCH);
    return new Note(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "2026-09-000001",
        NoteKind.SLA,
        state,
        null,
        null,
        null,
        List.of(new NoteLine(TaxType.TAXED, null, null, new Won(supply), Won.ZERO)),
        "d",
        "w",
        null,
        null,
        LocalDate.of(2026, 10, 1),
        by,
        null,
        null,
        List.of(),
        1);
  }

  private static CreateNoteRequest sla(
      @Nullable String percent, @Nullable String amount, @Nullable String sku) {
    return new CreateNoteRequest(
        "SLA", percent, amount, sku, null, null, "down", OUTAGE, OUTAGE, null);
  }

  private static CreateNoteRequest of(
      String kind, @Nullable String amount, @Nullable LocalDate day) {
    return new CreateNoteRequest(kind, null, amount, null, null, null, "why", null, null, day);
  }

  private static NoteCheck.Checked check(CreateNoteRequest request) {
    return NoteCheck.check(request, target(0, 0), TODAY);
  }

  private static List<String> pointers(CreateNoteRequest request) {
    return check(request).errors().stream().map(FieldError::pointer).toList();
  }

  private static @Nullable Won difference(CreateNoteRequest request) {
    NoteCheck.Wanted wanted = check(request).wanted();
    return wanted == null
        ? null
        : wanted.differences().stream().map(NoteLine::supply).reduce(Won.ZERO, Won::plus);
  }

  @Test
  void aPercentageIsOfAllThatWasBilledOrOfOneSku() {
    assertThat(difference(sla("10", null, null))).isEqualTo(new Won(-2_028_000));
    // 50 % of 280,001 is rounded half up
    assertThat(difference(sla("50", null, "h100.on-demand.kr-seoul"))).isEqualTo(new Won(-140_001));
    assertThat(difference(sla(null, "1000", null))).isEqualTo(new Won(-1000));
  }

  @ParameterizedTest
  @CsvSource({"0", "100.1", "-5", "ten", "10.1234567", "0.0000001"})
  void aPercentageLiesBetweenNothingAndAll(String percent) {
    assertThat(pointers(sla(percent, null, null))).containsExactly("/percent");
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "1.5", "01", "1000000000000000"})
  void anAmountIsWholeWon(String amount) {
    assertThat(pointers(sla(null, amount, null))).containsExactly("/amountKrw");
  }

  @Test
  void aPercentageOrAnAmountAndNotBoth() {
    assertThat(pointers(sla(null, null, null))).containsExactly("/percent");
    assertThat(pointers(sla("1", "1", null))).containsExactly("/percent");
    assertThat(pointers(sla(null, "1", "h100.on-demand.kr-seoul"))).containsExactly("/sku");
  }

  @Test
  void noMoreIsTakenBackThanIsLeftWhatWaitsIncluded() {
    var request = sla(null, "10000001", null);
    assertThat(NoteCheck.check(request, target(-280_000, -10_000_000), TODAY).errors())
        .containsExactly(
            new FieldError(
                "/amountKrw",
                "takes back 10000001 won, and 20000000 are left of the invoice, of which notes in"
                    + " review take back 10000000"));
    assertThat(NoteCheck.check(request, target(-279_999, -10_000_000), TODAY).errors()).isEmpty();
    // what a note in review would add is not there yet
    assertThat(NoteCheck.check(request, target(-10_280_000, 5_000_000), TODAY).errors())
        .extracting(FieldError::detail)
        .containsExactly("takes back 10000001 won, and 10000000 are left of the invoice");
  }

  /** Zero-rated usage of an earlier month beside 1,000 won that are taxed. */
  private static NoteTarget mixed(long zeroRated) {
    return target(
        line(TaxType.ZERO_RATED, H100, true, zeroRated, 0),
        line(TaxType.TAXED, H100, false, 1_000, 100));
  }

  private static CreateNoteRequest of(long amount, @Nullable String taxType) {
    return new CreateNoteRequest(
        "SUPPLY_CHANGE", null, "" + amount, null, null, taxType, "why", null, null, null);
  }

  private static List<FieldError> errors(CreateNoteRequest request, NoteTarget of) {
    return NoteCheck.check(request, of, TODAY).errors();
  }

  @Test
  void aPercentageIsOfWhatWasBilledUnderEachTaxType() {
    NoteCheck.Wanted wanted = NoteCheck.check(sla("10", null, null), mixed(505), TODAY).wanted();
    assertThat(wanted).isNotNull();
    assertThat(wanted.differences())
        .extracting(NoteLine::taxType, NoteLine::supply)
        .containsExactly(
            tuple(TaxType.TAXED, new Won(-100)), tuple(TaxType.ZERO_RATED, new Won(-51)));
  }

  @Test
  void anAmountFallsUnderTheTypeOfTheMonthUnlessAnotherIsSaid() {
    assertThat(errors(of(-1_000, null), mixed(505))).isEmpty();
    assertThat(errors(of(-1_001, null), mixed(505)))
        .containsExactly(
            new FieldError(
                "/amountKrw", "takes back 1001 won, and 1000 are left of what it bills as TAXED"));
    assertThat(errors(of(-505, "ZERO_RATED"), mixed(505))).isEmpty();
    assertThat(errors(of(-506, "ZERO_RATED"), mixed(505)))
        .extracting(FieldError::pointer)
        .containsExactly("/amountKrw");
    assertThat(errors(of(-1, "EXEMPT"), mixed(505)))
        .containsExactly(
            new FieldError("/taxType", "must be a tax type of the invoice: [TAXED, ZERO_RATED]"));
  }

  @Test
  void whatWasTakenBackIsNotGivenBackTwice() {
    assertThat(errors(of(505, "ZERO_RATED"), mixed(-505))).isEmpty();
    assertThat(errors(of(506, "ZERO_RATED"), mixed(-505)))
        .containsExactly(
            new FieldError(
                "/amountKrw",
                "gives 506 won back, and 505 are left of what it bills as ZERO_RATED"));
  }

  @Test
  void aChangeHasASign() {
    assertThat(difference(of("SUPPLY_CHANGE", "-5", TODAY))).isEqualTo(new Won(-5));
    assertThat(difference(of("SUPPLY_CHANGE", "5", TODAY))).isEqualTo(new Won(5));
    assertThat(pointers(of("SUPPLY_CHANGE", "0", TODAY))).containsExactly("/amountKrw");
  }

  @Test
  void aNoteIsWrittenBetweenTheOriginalAndToday() {
    assertThat(pointers(of("RESCINDED", null, LocalDate.of(2026, 9, 29)))).containsExactly("/day");
    assertThat(pointers(of("RESCINDED", null, TODAY.plusDays(1)))).containsExactly("/day");
    assertThat(pointers(of("DOUBLE_ISSUE", null, TODAY))).containsExactly("/day");
    assertThat(check(of("DOUBLE_ISSUE", null, null)).wanted())
        .isEqualTo(
            new NoteCheck.Wanted(NoteKind.DOUBLE_ISSUE, List.of(), LocalDate.of(2026, 9, 30)));
  }

  @Test
  void everythingIsSaidAtOnce() {
    var request =
        new CreateNoteRequest(
            "RESCINDED",
            "1",
            "1",
            "x",
            "p",
            "TAXED",
            " ",
            OUTAGE,
            OUTAGE.minusDays(1),
            TODAY.plusDays(9));
    assertThat(pointers(request))
        .containsExactly(
            "/why",
            "/percent",
            "/amountKrw",
            "/sku",
            "/project",
            "/taxType",
            "/periodFrom",
            "/periodTo",
            "/day");
  }
}
