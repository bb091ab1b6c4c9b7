package dev.gpucloud.billing.statement.engine;

import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Usage that a grant pays in part: 4,500 won per GPU-hour unless said. */
class GrantShareTest {
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");
  private static final Instant FIRST = kst("2026-09-01T00:00");

  @Test
  void paysItsShareOfTheGpusThatWereAwardedInEachHour() {
    Story story = Story.atListPrice().run(8, "2026-09-10T10:00", "2026-09-10T13:00");

    assertThat(usage(story, share("g", 4, 10))).isEqualTo(3 * (4 * 450 + 4 * 4500));
    assertThat(usage(story, share("g", 8, 10))).isEqualTo(3 * 8 * 450);
    assertThat(usage(story, share("g", 100, 0))).isZero();
    assertThat(usage(story, share("g", 4, 100))).isEqualTo(3 * 8 * 4500);
  }

  @Test
  void spreadsOverInstancesByQuantityHourByHour() {
    Story story =
        Story.atListPrice()
            .run(8, "2026-09-10T10:00", "2026-09-10T13:00")
            .run(4, "2026-09-10T11:00", "2026-09-10T12:30");

    // 8, 12 and 10 GPU-hours, of which 4 each are paid at a tenth
    assertThat(usage(story, share("g", 4, 10))).isEqualTo(12 * 450 + 18 * 4500);
    Statement statement = state(story, List.of(share("g", 4, 10)), List.of());
    assertThat(
            statement.lines().getFirst().parts().stream()
                .filter(part -> !part.factors().isEmpty())
                .map(Part::quantityHours)
                .reduce(Rational.ZERO, Rational::add))
        .isEqualTo(Rational.of(12));
    assertThat(
            statement.lines().getFirst().parts().stream()
                .map(Part::quantityHours)
                .reduce(Rational.ZERO, Rational::add))
        .isEqualTo(Rational.of(30));
  }

  @Test
  void twoGrantsNeverPayForTheSameGpu() {
    Story story = Story.atListPrice().run(8, "2026-09-10T10:00", "2026-09-10T11:00");
    assertThat(usage(story, share("a", 6, 10), share("b", 6, 50))).isEqualTo(6 * 450 + 2 * 2250);
  }

  @Test
  void holdsWithinItsTermOnly() {
    Story story = Story.atListPrice().run(8, "2026-09-10T10:00", "2026-09-10T13:00");
    var term = new Term(kst("2026-09-10T11:00"), kst("2026-09-10T12:30"));
    var share = new GrantShare("g", Story.TENANT, "h100-sxm-80g", eight(), Rational.ZERO, term);

    assertThat(usage(story, share)).isEqualTo(8 * 4500 + 8 * 4500 / 2);
  }

  @Test
  void countsByTheClockHourAlsoWhenItsTermBeginsWithinOne() {
    var term = new Term(kst("2026-09-10T10:30"), null);
    var share = new GrantShare("g", Story.TENANT, "h100-sxm-80g", eight(), Rational.ZERO, term);

    // never more than 8 at a time: all of it is the grant's
    Story later = Story.atListPrice().run(8, "2026-09-10T11:00", "2026-09-10T13:15");
    assertThat(usage(later, share)).isZero();
    // of the first half hour 16 GPUs ran, and 8 are the grant's
    Story first = Story.atListPrice().run(16, "2026-09-10T10:00", "2026-09-10T11:00");
    assertThat(usage(first, share)).isEqualTo(16 * 4500 / 2 + 8 * 4500 / 2);
  }

  @Test
  void isForWholeGpusOfItsModelAndTenantAlone() {
    var slice = new Shape("h100.1g", "h100-sxm-80g", 1, "1g.10gb", "kr-a", "kr-seoul", "ON_DEMAND");
    Story story =
        Story.atListPrice()
            .priced(
                new PriceVersion(
                    slice.sku(),
                    "v1",
                    PriceUnit.INSTANCE_HOUR,
                    "ON_DEMAND",
                    Rational.of(700),
                    Rational.of(100),
                    Story.LONG_AGO))
            .run(Story.A, slice, "2026-09-10T10:00", "2026-09-10T11:00")
            .run(8, "2026-09-10T10:00", "2026-09-10T11:00");
    var forever = new Term(FIRST, null);
    var other = new TenantId(new UUID(9, 9));

    assertThat(usage(story, share("g", 8, 0))).isEqualTo(700);
    assertThat(
            usage(
                story,
                new GrantShare("g", other, "h100-sxm-80g", eight(), Rational.ZERO, forever),
                new GrantShare("h", Story.TENANT, "h200", eight(), Rational.ZERO, forever)))
        .isEqualTo(700 + 8 * 4500);
  }

  @Test
  void countsGpusAlsoWhereThePriceIsPerInstance() {
    Story story =
        Story.atListPrice()
            .priced(
                new PriceVersion(
                    Story.H100,
                    "v2",
                    PriceUnit.INSTANCE_HOUR,
                    "ON_DEMAND",
                    Rational.of(10_000),
                    Rational.of(100),
                    FIRST))
            .run(8, "2026-09-10T10:00", "2026-09-10T11:00");

    assertThat(usage(story, share("g", 4, 10))).isEqualTo(5_000 + 500);
  }

  @Test
  void leavesToCommitmentsWhatTheyCover() {
    Story story = Story.atListPrice().run(8, "2026-09-10T10:00", "2026-09-10T11:00");
    var term = new Term(kst("2026-09-10T10:00"), kst("2026-09-10T11:00"));
    var commitment =
        new UsageCommitment(
            "c",
            Story.H100,
            UsageCommitment.Kind.HOURLY,
            Rational.of(6),
            Rational.of(3000),
            null,
            term);

    Statement statement = state(story, List.of(share("g", 4, 10)), List.of(commitment));

    assertThat(statement.supplyValue().amount()).isEqualTo(6 * 3000 + 2 * 450);
  }

  private static Rational eight() {
    return Rational.of(8);
  }

  private static GrantShare share(String id, long gpus, long pct) {
    return new GrantShare(
        id,
        Story.TENANT,
        "h100-sxm-80g",
        Rational.of(gpus),
        Rational.of(pct),
        new Term(FIRST, null));
  }

  private static long usage(Story story, GrantShare... shares) {
    return state(story, List.of(shares), List.of()).supplyValue().amount();
  }

  private static Statement state(
      Story story, List<GrantShare> shares, List<UsageCommitment> commitments) {
    var terms = new Terms(Instant.EPOCH, "EXTERNAL", null, null, null);
    var account =
        new AccountTerms(
            "acme",
            BillingMode.EXTERNAL,
            Taxation.USUAL,
            Map.of(Story.TENANT, Timeline.of(List.of(terms), Terms::effectiveFrom)),
            List.of(),
            commitments,
            shares,
            List.of(),
            List.of(),
            List.of(),
            List.of());
    RateCard card = story.card();
    return new StatementEngine(PriceBook.of(card, List.of(account), List.of()), story.runs())
        .state("acme", SEPTEMBER);
  }
}
