package dev.gpucloud.billing.rating.engine;

import static dev.gpucloud.billing.rating.engine.Story.A;
import static dev.gpucloud.billing.rating.engine.Story.h100;
import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RatingEngineTest {
  @Test
  void newPriceCutsTheRunAndGetsALineOfItsOwn() {
    var story =
        Story.atListPrice()
            .price(3600, "v2", kst("2026-09-10T12:00"))
            .run(1, "2026-09-10T10:00", "2026-09-10T14:00");
    assertThat(story.invoice("2026-09").lines())
        .extracting(l -> l.key().version(), StatementLine::amount)
        .containsExactly(tuple("v1", new Won(9_000)), tuple("v2", new Won(7_200)));
  }

  @Test
  void paddingTakesThePriceOfTheLastInstant() {
    var story =
        Story.atListPrice()
            .price(9000, "v2", kst("2026-09-10T12:00:10"))
            .run(1, "2026-09-10T12:00:00", "2026-09-10T12:00:20");
    // 10 s at 1.25 won, 10 s and 40 s of padding at 2.5 won
    assertThat(story.rate("2026-09").rows())
        .extracting(RatedRow::amount)
        .containsExactly(Rational.of(25, 2), Rational.of(125));
  }

  @Test
  void preemptibleVersionsShareALine() {
    var shape =
        new Shape("h100.1x", "h100-sxm-80g", 1, null, "kr-pangyo-1", "kr-seoul", "PREEMPTIBLE");
    var story = new Story();
    for (int v = 1; v <= 2; v++) {
      story.priced(
          new PriceVersion(
              shape.sku(),
              "v" + v,
              PriceUnit.GPU_HOUR,
              "PREEMPTIBLE",
              Rational.of(4500 * v),
              Rational.of(40),
              v == 1 ? Story.LONG_AGO : kst("2026-09-10T11:00")));
    }
    story.run(A, shape, "2026-09-10T10:00", "2026-09-10T12:00");
    assertThat(story.rate("2026-09").rows()).hasSize(2);
    assertThat(story.invoice("2026-09").lines())
        .singleElement()
        .satisfies(l -> assertThat(l.amount()).isEqualTo(new Won(5_400)));
  }

  @Test
  void aContractsPriceKeepsWhatTheListAsksAtThatTime() {
    RateCard card =
        RateCard.of(
                List.of(
                    Story.price(h100(8).sku(), "v1", 4500, Story.LONG_AGO),
                    Story.price(h100(8).sku(), "v2", 4700, kst("2026-09-10T12:00"))),
                List.of())
            .with(
                List.of(
                    agreed(h100(8).sku(), PriceUnit.GPU_HOUR, 4050),
                    agreed("h100.mine", PriceUnit.GPU_HOUR, 4000)));

    assertThat(card.findPrice(h100(8).sku(), kst("2026-09-10T11:00")))
        .satisfies(p -> assertThat(p.listPriceKrwPerHour()).isEqualTo(Rational.of(4050)))
        .satisfies(p -> assertThat(p.listedKrwPerHour(h100(8))).isEqualTo(Rational.of(4500)));
    assertThat(card.findPrice(h100(8).sku(), kst("2026-09-10T12:00")).listedKrwPerHour(h100(8)))
        .isEqualTo(Rational.of(4700));
    // on no list
    assertThat(card.findPrice("h100.mine", kst("2026-09-10T12:00")).listedKrwPerHour(h100(8)))
        .isEqualTo(Rational.of(4000));
  }

  @Test
  void theListsPriceIsOfTheContractsUnit() {
    PriceVersion list = Story.price(h100(8).sku(), "v1", 4500, Story.LONG_AGO);

    PriceVersion price =
        agreed(h100(8).sku(), PriceUnit.INSTANCE_HOUR, 32_000).over(h100(8).sku(), list);

    assertThat(price.listedKrwPerHour(h100(8))).isEqualTo(Rational.of(36_000));
  }

  private static ContractPrice agreed(String sku, PriceUnit unit, long krw) {
    return new ContractPrice(
        "price-1", null, sku, unit, Rational.of(krw), null, Story.LONG_AGO, null);
  }

  @Test
  void migIsPricedPerInstanceHour() {
    var shape =
        new Shape(
            "b200.mig-1g", "b200-sxm-180g", 1, "1g.23gb", "kr-ulsan-1", "kr-ulsan", "ON_DEMAND");
    assertThat(shape.sku()).isEqualTo("b200.mig-1g.on-demand.kr-ulsan");
    var story =
        new Story()
            .priced(
                new PriceVersion(
                    shape.sku(),
                    "v1",
                    PriceUnit.INSTANCE_HOUR,
                    "ON_DEMAND",
                    Rational.of(1170),
                    Rational.of(100),
                    Story.LONG_AGO))
            .run(A, shape, "2026-09-10T10:00", "2026-09-10T12:00");
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(2_340));
  }

  @Test
  void discountsMultiplyAndTheCustomersShareComesLast() {
    var story =
        Story.atListPrice()
            .discount(Discount.Scope.KIND, "EXTERNAL", 10)
            .discount(Discount.Scope.SEGMENT, "ACADEMIA", 30)
            .terms(new Terms(Story.LONG_AGO, "EXTERNAL", "ACADEMIA", Rational.of(50), null))
            .run(1, "2026-09-10T10:00", "2026-09-10T11:00");
    RatedRow row = story.rate("2026-09").rows().getFirst();
    assertThat(row.amount()).isEqualTo(Rational.of(14175, 10));
    assertThat(row.factors())
        .extracting(Factor::reason)
        .containsExactly("kind EXTERNAL", "segment ACADEMIA", "customer share");
  }

  @Test
  void fullGrantBillsNothingUntilItEnds() {
    var story =
        Story.atListPrice()
            .terms(
                new Terms(Story.LONG_AGO, "EXTERNAL", null, Rational.ZERO, kst("2026-09-10T11:00")))
            .run(1, "2026-09-10T10:00", "2026-09-10T12:00");
    assertThat(story.rate("2026-09").rows())
        .extracting(RatedRow::amount)
        .containsExactly(Rational.ZERO, Rational.of(4_500));
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(4_500));
  }

  @Test
  void creditIsNettedIntoItsLineBeforeRounding() {
    var story =
        Story.atListPrice()
            .grant(
                new CreditGrant(
                    new UUID(9, 1),
                    "startup-credit",
                    1,
                    Story.LONG_AGO,
                    kst("2026-09-10T11:30"),
                    Story.LONG_AGO,
                    Rational.of(6_700_001, 1_000)))
            .run(1, "2026-09-10T10:00", "2026-09-10T11:00")
            .run(1, "2026-09-10T11:00", "2026-09-10T13:00")
            .run(1, "2026-09-10T12:00", "2026-09-10T13:00");
    var invoice = story.invoice("2026-09");
    // 4,500 + 9,000 + 4,500 less 6,700.001 of the 6,750 used before the grant's end
    assertThat(invoice.lines())
        .singleElement()
        .satisfies(l -> assertThat(l.exact()).isEqualTo(Rational.of(11_299_999, 1_000)))
        .satisfies(l -> assertThat(l.rounding()).isEqualTo(Rational.of(1, 1_000)))
        .satisfies(l -> assertThat(l.amount()).isEqualTo(new Won(11_300)));
    assertThat(invoice.lines().getFirst().parts().getLast().burns()).isEmpty();
  }

  @Test
  void creditsBurnByPriorityThenEarliestExpiryThenAge() {
    var late = grant(1, 2, "2026-12-01T00:00", 1_000);
    var first = grant(2, 1, null, 1_000);
    var soon = grant(3, 2, "2026-10-01T00:00", 1_000);
    var balances = new CreditEngine.Balances(List.of(late, first, soon));
    assertThat(balances.burn(kst("2026-09-10T10:00"), Rational.of(2_250), g -> true))
        .containsExactly(
            new CreditEngine.Burn(first.id(), Rational.of(1_000)),
            new CreditEngine.Burn(soon.id(), Rational.of(1_000)),
            new CreditEngine.Burn(late.id(), Rational.of(250)));
  }

  private static CreditGrant grant(int id, int priority, String expires, long balance) {
    return new CreditGrant(
        new UUID(9, id),
        "grant",
        priority,
        Story.LONG_AGO,
        expires == null ? null : kst(expires),
        Story.LONG_AGO,
        Rational.of(balance));
  }

  @Test
  void usageWithoutAPriceIsNamedNotDropped() {
    var story = new Story().run(1, "2026-09-10T10:00", "2026-09-10T11:00");
    Rating rating = story.rate("2026-09");
    assertThat(rating.rows()).isEmpty();
    assertThat(rating.unpriced())
        .containsExactly(new Rating.Unpriced(Story.H100, kst("2026-09-10T10:00")));
  }

  @Test
  void startAndStopAtTheSameInstantBillsTheMinimumOnce() {
    var story = Story.atListPrice().run(1, "2026-09-01T00:00", "2026-09-01T00:00");
    assertThat(story.invoice("2026-08").lines()).isEmpty();
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(75));
  }

  @Test
  void stopStampedBeforeItsStartCountsAsTheStart() {
    var story = Story.atListPrice().run(1, "2026-09-10T10:00:05", "2026-09-10T10:00:00");
    assertThat(story.rate("2026-09").rows())
        .singleElement()
        .satisfies(r -> assertThat(r.billedMillis()).isEqualTo(60_000));
  }

  @Test
  void laterStopCorrectsAnEarlierOne() {
    var story = Story.atListPrice();
    story.run(
        List.of(
            story.fact(RunFact.Kind.STARTED, "2026-09-10T10:00", A, h100(1)),
            story.fact(RunFact.Kind.STOPPED, "2026-09-10T12:00", A, h100(1)),
            story.fact(RunFact.Kind.STOPPED, "2026-09-10T11:00", A, h100(1))));
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(4_500));
  }

  @Test
  void amountsFarBeyondALongOfMicrosStayExact() {
    var story =
        new Story()
            .priced(Story.price(Story.H100, "v1", 1_000_000_000_000L, Story.LONG_AGO))
            .run(8, "2026-09-01T00:00", "2026-10-01T00:00");
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(5_760_000_000_000_000L));
  }
}
