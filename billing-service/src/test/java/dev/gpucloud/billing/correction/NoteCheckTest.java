package dev.gpucloud.billing.correction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoteCheckTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 10, 5);
  private static final LocalDate OUTAGE = LocalDate.of(2026, 9, 10);

  private static NoteTarget target(long changed, long waiting) {
    return new NoteTarget(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "2026-09-000001",
        BillingMonth.parse("2026-09"),
        BillingMode.EXTERNAL,
        TaxType.TAXED,
        LocalDate.of(2026, 9, 30),
        new Won(20_280_000),
        new Won(2_028_000),
        new Won(changed),
        Won.ZERO,
        new Won(waiting),
        false,
        0,
        List.of(),
        Map.of("h100.on-demand.kr-seoul", 280_001L));
  }

  private static CreateNoteRequest sla(
      @Nullable String percent, @Nullable String amount, @Nullable String sku) {
    return new CreateNoteRequest("SLA", percent, amount, sku, "down", OUTAGE, OUTAGE, null);
  }

  private static CreateNoteRequest of(
      String kind, @Nullable String amount, @Nullable LocalDate day) {
    return new CreateNoteRequest(kind, null, amount, null, "why", null, null, day);
  }

  private static NoteCheck.Checked check(CreateNoteRequest request) {
    return NoteCheck.check(request, target(0, 0), TODAY);
  }

  private static List<String> pointers(CreateNoteRequest request) {
    return check(request).errors().stream().map(FieldError::pointer).toList();
  }

  private static @Nullable Won difference(CreateNoteRequest request) {
    NoteCheck.Wanted wanted = check(request).wanted();
    return wanted == null ? null : wanted.difference();
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
                "/amountKrw", "takes back 10000001 won, and 10000000 are left of the invoice"));
    assertThat(NoteCheck.check(request, target(-279_999, -10_000_000), TODAY).errors()).isEmpty();
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
        .isEqualTo(new NoteCheck.Wanted(NoteKind.DOUBLE_ISSUE, null, LocalDate.of(2026, 9, 30)));
  }

  @Test
  void everythingIsSaidAtOnce() {
    var request =
        new CreateNoteRequest(
            "RESCINDED", "1", "1", "x", " ", OUTAGE, OUTAGE.minusDays(1), TODAY.plusDays(9));
    assertThat(pointers(request))
        .containsExactly(
            "/why", "/percent", "/amountKrw", "/sku", "/periodFrom", "/periodTo", "/day");
  }
}
