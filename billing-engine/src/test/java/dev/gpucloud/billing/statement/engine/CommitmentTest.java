package dev.gpucloud.billing.statement.engine;

import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Usage that a commitment pays for, 3,000 won an hour; 4,500 won per GPU-hour beyond it. */
class CommitmentTest {
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");

  @Test
  void countsByTheClockHourAlsoWhenItsTermBeginsWithinOne() {
    UsageCommitment eight = hourly(8, null, "2026-09-10T10:30", "2026-09-10T12:00");

    // of the first half hour 16 GPUs ran, and 8 are committed
    Statement first = state(runs(16, "2026-09-10T10:00", "2026-09-10T11:00"), eight, null);
    assertThat(first.commitments().getFirst().committedHours()).isEqualTo(Rational.of(12));
    assertThat(first.commitments().getFirst().usedHours()).isEqualTo(Rational.of(4));
    assertThat(first.supplyValue().amount()).isEqualTo(12 * 3000 + 8 * 4500 + 4 * 4500);
    // 16 GPUs of a quarter hour are no more than 8 of half an hour
    Statement within = state(runs(16, "2026-09-10T10:30", "2026-09-10T10:45"), eight, null);
    assertThat(within.supplyValue().amount()).isEqualTo(12 * 3000);
    // each half of two hours is one of its own
    Statement astride = state(runs(16, "2026-09-10T10:45", "2026-09-10T11:15"), eight, null);
    assertThat(astride.supplyValue().amount()).isEqualTo(12 * 3000);
  }

  @Test
  void aGrantLeavesItsShareOfAnOveragePriceToo() {
    UsageCommitment four = hourly(4, Rational.of(5000), "2026-09-10T10:00", "2026-09-10T11:00");
    Story story = runs(8, "2026-09-10T10:00", "2026-09-10T11:00");

    assertThat(state(story, four, null).supplyValue().amount()).isEqualTo(4 * 3000 + 4 * 5000);
    assertThat(state(story, four, Rational.of(10)).supplyValue().amount())
        .isEqualTo(4 * 3000 + 4 * 500);
  }

  @Test
  void correctionsBearTheVatOfTheirOwnTaxType() {
    UsageCommitment none = hourly(8, null, "2026-10-01T00:00", "2026-11-01T00:00");
    var corrected =
        new Key(
            Story.A,
            Story.H100,
            "v1",
            TaxType.ZERO_RATED,
            LineCategory.CORRECTION,
            BillingMonth.parse("2026-08"));

    Statement statement =
        engine(runs(8, "2026-09-10T10:00", "2026-09-10T11:00"), none, null)
            .state("acme", SEPTEMBER, Map.of(corrected, Rational.of(-387_000)));

    assertThat(statement.lines()).extracting(StatementLine::vat).containsExactly(Won.ZERO, vat());
    assertThat(statement.supplyValue().amount()).isEqualTo(36_000 - 387_000);
    assertThat(statement.vat()).isEqualTo(vat());
  }

  private static Won vat() {
    return new Won(3600);
  }

  private static Story runs(int gpus, String start, String end) {
    return Story.atListPrice().run(gpus, start, end);
  }

  private static UsageCommitment hourly(
      long units, @Nullable Rational overage, String from, String until) {
    return new UsageCommitment(
        "c",
        Story.H100,
        UsageCommitment.Kind.HOURLY,
        Rational.of(units),
        Rational.of(3000),
        overage,
        new Term(kst(from), kst(until)));
  }

  private static Statement state(
      Story story, UsageCommitment commitment, @Nullable Rational sharePct) {
    return engine(story, commitment, sharePct).state("acme", SEPTEMBER);
  }

  private static StatementEngine engine(
      Story story, UsageCommitment commitment, @Nullable Rational sharePct) {
    var terms = new Terms(Instant.EPOCH, "EXTERNAL", null, sharePct, null);
    var account =
        new AccountTerms(
            "acme",
            BillingMode.EXTERNAL,
            Taxation.USUAL,
            Map.of(Story.TENANT, Timeline.of(List.of(terms), Terms::effectiveFrom)),
            List.of(),
            List.of(commitment),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new StatementEngine(
        PriceBook.of(story.card(), List.of(account), List.of()), story.runs());
  }
}
