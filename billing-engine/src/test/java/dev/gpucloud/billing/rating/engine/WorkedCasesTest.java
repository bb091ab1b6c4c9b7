package dev.gpucloud.billing.rating.engine;

import static dev.gpucloud.billing.rating.engine.Story.A;
import static dev.gpucloud.billing.rating.engine.Story.B;
import static dev.gpucloud.billing.rating.engine.Story.h100;
import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The cases worked by hand in the billing rules, to the won. */
class WorkedCasesTest {
  @Test
  void case1ShortRunIsBilledForAMinute() {
    var one = Story.atListPrice().run(8, "2026-09-10T09:00:00", "2026-09-10T09:00:47");
    assertThat(one.invoice("2026-09").supplyValue()).isEqualTo(new Won(600));
    assertThat(one.rate("2026-09").rows())
        .singleElement()
        .satisfies(r -> assertThat(r.paddingMillis()).isEqualTo(13_000));

    one.run(8, "2026-09-10T09:10:00", "2026-09-10T09:10:47")
        .run(8, "2026-09-10T09:20:00", "2026-09-10T09:20:47");
    assertThat(one.invoice("2026-09").supplyValue()).isEqualTo(new Won(1_800));
  }

  @Test
  void case2MonthsEndAtMidnightInSeoul() {
    var story = Story.atListPrice().run(8, "2026-08-31T22:00", "2026-09-01T10:00");
    assertThat(story.invoice("2026-08").supplyValue()).isEqualTo(new Won(72_000));
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(360_000));
  }

  @Test
  void case3BeforeTheLateStopTheMonthIsBilledToItsEnd() {
    var story = Story.atListPrice().run(4, "2026-08-30T20:00", null);
    var august = story.invoice("2026-08");
    assertThat(august.supplyValue()).isEqualTo(new Won(504_000));
    assertThat(august.vat()).isEqualTo(new Won(50_400));
    var truth = Story.atListPrice().run(4, "2026-08-30T20:00", "2026-08-31T02:30");
    assertThat(truth.invoice("2026-08").supplyValue()).isEqualTo(new Won(117_000));
    assertThat(truth.invoice("2026-08").vat()).isEqualTo(new Won(11_700));
    assertThat(truth.invoice("2026-09").lines()).isEmpty();
  }

  @Test
  void case4RunIsRoundedOnceNotPerSlice() {
    var story = Story.atListPrice().run(8, "2026-09-10T09:59:59.500", "2026-09-10T10:00:00.500");
    assertThat(story.invoice("2026-09").supplyValue()).isEqualTo(new Won(600));
  }

  @Test
  void case4PaddingBelongsToTheLaterMonth() {
    var story = Story.atListPrice().run(8, "2026-08-31T23:59:59.500", "2026-09-01T00:00:00.500");
    assertThat(story.rate("2026-08").rows())
        .singleElement()
        .satisfies(r -> assertThat(r.billedMillis()).isEqualTo(500))
        .satisfies(r -> assertThat(r.amount()).isEqualTo(Rational.of(5)));
    assertThat(story.rate("2026-09").rows())
        .singleElement()
        .satisfies(r -> assertThat(r.billedMillis()).isEqualTo(59_500))
        .satisfies(r -> assertThat(r.amount()).isEqualTo(Rational.of(595)));
  }

  @Test
  void runThatEndsWithTheMonthIsPaddedInThatMonth() {
    var story = Story.atListPrice().run(8, "2026-08-31T23:59:30", "2026-09-01T00:00:00");
    assertThat(story.invoice("2026-08").supplyValue()).isEqualTo(new Won(600));
    assertThat(story.rate("2026-09").rows()).isEmpty();
  }

  @Test
  void case5LinesAreRoundedOneByOne() {
    // 1,000.4 won = 1 GPU x 800.32 s at 1.25 won; the .32 lies in a price of its own
    var story = new Story();
    story.priced(
        new PriceVersion(
            Story.H100,
            "v1",
            PriceUnit.GPU_HOUR,
            "ON_DEMAND",
            Rational.of(new BigDecimal("1000.4")),
            Rational.of(100),
            Story.LONG_AGO));
    for (int i = 1; i <= 3; i++) {
      var project = new ProjectId(new UUID(2, i));
      story.run(project, h100(1), "2026-09-10T0" + i + ":00", "2026-09-10T0" + (i + 1) + ":00");
    }
    var invoice = story.invoice("2026-09");
    assertThat(invoice.lines()).extracting(StatementLine::amount).containsOnly(new Won(1_000));
    assertThat(invoice.lines())
        .extracting(StatementLine::rounding)
        .containsExactly(Rational.of(-2, 5), Rational.of(-2, 5), Rational.of(-2, 5));
    assertThat(invoice.supplyValue()).isEqualTo(new Won(3_000));
    assertThat(invoice.vat()).isEqualTo(new Won(300));
    assertThat(invoice.total()).isEqualTo(new Won(3_300));
  }

  @Test
  void case6VatInclusive() {
    var split = Vat.inclusive(List.of(new Won(50_000)));
    assertThat(split.supplyValue()).isEqualTo(new Won(45_455));
    assertThat(split.vat()).isEqualTo(new Won(4_545));
  }

  @Test
  void case10MovedRunIsChargedToEachProject() {
    var story = Story.atListPrice();
    story.run(
        List.of(
            story.fact(RunFact.Kind.STARTED, "2026-09-01T00:00", A, h100(8)),
            story.fact(RunFact.Kind.MOVED, "2026-09-10T00:00", B, h100(8)),
            story.fact(RunFact.Kind.STOPPED, "2026-10-01T00:00", B, h100(8))));
    var lines = story.invoice("2026-09").lines();
    assertThat(lines)
        .extracting(l -> l.key().project(), StatementLine::amount)
        .containsExactly(tuple(A, new Won(7_776_000)), tuple(B, new Won(18_144_000)));
    assertThat(lines)
        .extracting(StatementLine::quantityHours)
        .containsExactly(hours(8 * 216), hours(8 * 504));
  }

  private static Rational hours(long gpuHours) {
    return Rational.of(gpuHours);
  }

  @Test
  void case11CreditAfterTheFactCarriesItsVat() {
    assertThat(Vat.ofChange(new Won(20_280_000), new Won(2_028_000), Won.ZERO, new Won(-2_028_000)))
        .isEqualTo(new Won(-202_800));
    assertThat(Vat.ofChange(new Won(100), new Won(10), new Won(-5), new Won(-5)))
        .isEqualTo(new Won(-1));
  }

  @Test
  void case14DeadHostIsBilledOneIntervalBeyondItsLastHeartbeat() {
    var open = Story.atListPrice().run(4, "2026-09-10T03:00", null);
    RunUsage dead = open.runs().getFirst().lostAfter(kst("2026-09-10T03:12:30"));
    assertThat(dead.end()).isEqualTo(kst("2026-09-10T03:13:30"));
    assertThat(open.rate(List.of(dead), "2026-09").rows())
        .singleElement()
        .satisfies(r -> assertThat(r.billedMillis()).isEqualTo(810_000))
        .satisfies(r -> assertThat(r.isEndEstimated()).isTrue())
        .satisfies(r -> assertThat(r.amount()).isEqualTo(Rational.of(4_050)));
  }

  @Test
  void costShareCarriesNoVat() {
    var story = Story.atListPrice().run(8, "2026-09-10T09:00", "2026-09-10T10:00");
    var statement = story.invoice("2026-09", BillingMode.COST_SHARE);
    assertThat(statement.total()).isEqualTo(new Won(36_000));
    assertThat(statement.vat()).isEqualTo(Won.ZERO);
  }
}
