package dev.gpucloud.billing.correction.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.correction.engine.LatePolicy.Way;
import dev.gpucloud.billing.correction.engine.TaxDocument.Kind;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is late for closed months is settled once, by the month that is closed next. */
class ClosedMonthsTest {
  private static final BillingMonth AUGUST = BillingMonth.parse("2026-08");
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");
  private static final BillingMonth OCTOBER = BillingMonth.parse("2026-10");
  private static final BillingMonth NOVEMBER = BillingMonth.parse("2026-11");
  private static final LatePolicy AMENDED = new LatePolicy(Way.AMENDED, Won.ZERO);

  private static ClosedMonth at(BillingMonth month) {
    return new ClosedMonth(month, month.end().plusSeconds(86_400));
  }

  /** An August whose hours of 8 GPUs, 36,000 won each, are known by each close, and now. */
  private static ClosedMonths august(LatePolicy policy, Integer... hours) {
    ClosedMonth[] closed = {at(AUGUST), at(SEPTEMBER), at(OCTOBER)};
    ClosedMonths.AsKnown known =
        (month, by) -> {
          int n = 0;
          while (n < hours.length - 1 && by.isAfter(closed[n].closedAt())) {
            n++;
          }
          return story(hours[n]).invoice(month.toString());
        };
    List<ClosedMonth> months = List.of(closed).subList(0, hours.length - 1);
    return new ClosedMonths(known, months, policy, month -> BillingMode.EXTERNAL);
  }

  private static Story story(int hours) {
    Story story = Story.atListPrice();
    return hours == 0
        ? story
        : story.run(8, "2026-08-10T00:00", "2026-08-10T%02d:00".formatted(hours));
  }

  @Test
  void whatArrivesAfterACloseIsChargedByTheMonthThatIsStillOpen() {
    ClosedMonths months = august(LatePolicy.USUAL, 0, 0, 1);

    assertThat(months.before(SEPTEMBER, Instant.MAX)).isEmpty();
    assertThat(months.before(OCTOBER, Instant.MAX))
        .singleElement()
        .satisfies(c -> assertThat(c.supplyChange()).isEqualTo(new Won(36_000)));
    // what is closed later is not closed yet
    assertThat(months.before(OCTOBER, Instant.parse("2026-09-01T00:00:00Z"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "EXTERNAL,   EXTERNAL,   NEXT_INVOICE, NEXT_INVOICE",
    "EXTERNAL,   EXTERNAL,   AMENDED,      AMENDED",
    "EXTERNAL,   COST_SHARE, NEXT_INVOICE, NEXT_INVOICE",
    "EXTERNAL,   SHOWBACK,   NEXT_INVOICE, AMENDED",
    "COST_SHARE, SHOWBACK,   NEXT_INVOICE, AMENDED",
    "SHOWBACK,   EXTERNAL,   NEXT_INVOICE, WRITTEN_OFF",
    "SHOWBACK,   EXTERNAL,   AMENDED,      WRITTEN_OFF",
    "SHOWBACK,   SHOWBACK,   NEXT_INVOICE, NEXT_INVOICE",
    "SHOWBACK,   SHOWBACK,   AMENDED,      NEXT_INVOICE",
  })
  void whatNobodyOwedIsNeverOwedAndWhatWasOwedAlwaysIs(
      BillingMode charged, BillingMode open, Way way, Outcome outcome) {
    assertThat(new LatePolicy(way, Won.ZERO).outcome(charged, open, new Won(-1)))
        .isEqualTo(outcome);
    assertThat(new LatePolicy(way, new Won(1_000)).outcome(charged, open, new Won(-999)))
        .isEqualTo(Outcome.WRITTEN_OFF);
  }

  private static void assertAmended(List<Correction> corrections, Tuple... documents) {
    assertThat(corrections)
        .flatExtracting(Correction::documents)
        .extracting(TaxDocument::kind, TaxDocument::supplyValue, TaxDocument::vat)
        .containsExactly(documents);
  }

  @Test
  void aDocumentThatWasTakenBackToNothingIsReplacedAndNotIssuedAnew() {
    assertAmended(
        august(AMENDED, 2, 0).before(SEPTEMBER, Instant.MAX),
        tuple(Kind.REVERSAL, new Won(-72_000), new Won(-7_200)));
    assertAmended(
        august(AMENDED, 2, 0, 1).before(OCTOBER, Instant.MAX),
        tuple(Kind.REPLACEMENT, new Won(36_000), new Won(3_600)));
    assertAmended(
        august(AMENDED, 2, 0, 1, 3).before(NOVEMBER, Instant.MAX),
        tuple(Kind.REVERSAL, new Won(-36_000), new Won(-3_600)),
        tuple(Kind.REPLACEMENT, new Won(108_000), new Won(10_800)));
    assertAmended(
        august(AMENDED, 0, 0, 1).before(OCTOBER, Instant.MAX),
        tuple(Kind.ORIGINAL, new Won(36_000), new Won(3_600)));
  }

  @Test
  void whatWasWrittenOffStaysOnTheDocumentThatIsAmendedLater() {
    var policy = new LatePolicy(Way.AMENDED, new Won(40_000));
    ClosedMonths months = august(policy, 3, 2, 0);
    assertThat(months.settled(AUGUST, OCTOBER, Instant.MAX))
        .extracting(each -> each.correction().outcome())
        .containsExactly(Outcome.WRITTEN_OFF, Outcome.AMENDED);
    assertAmended(
        months.before(OCTOBER, Instant.MAX),
        tuple(Kind.REVERSAL, new Won(-108_000), new Won(-10_800)),
        tuple(Kind.REPLACEMENT, new Won(36_000), new Won(3_600)));
  }
}
