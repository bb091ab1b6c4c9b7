package dev.gpucloud.billing.statement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every statement, over seeds, against a slow calculation in milliseconds. */
class StatementLawsTest {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final TenantId TENANT = new TenantId(new UUID(1, 1));
  private static final String SKU = "h100-sxm-80g.on-demand.kr-seoul";
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final Rational BAND = Rational.of(300);
  private static final Rational LOW = Rational.of(4501);
  private static final Rational HIGH = Rational.parse("3999.7");

  static List<Long> seeds() {
    return java.util.stream.LongStream.rangeClosed(1, 60).boxed().toList();
  }

  private record OneRun(long from, long to, int gpus, int project) {}

  private static List<OneRun> runs(Random random) {
    var runs = new ArrayList<OneRun>();
    long span = Duration.between(MONTH.start(), MONTH.end()).toMillis();
    int n = 1 + random.nextInt(12);
    for (int i = 0; i < n; i++) {
      long from = MONTH.start().toEpochMilli() - 10 * HOUR + (long) (random.nextDouble() * span);
      long length = random.nextInt(4) == 0 ? random.nextInt(90_000) : random.nextLong(80 * HOUR);
      runs.add(new OneRun(from, from + length, 1 << random.nextInt(4), random.nextInt(3)));
    }
    return runs;
  }

  /** With facts that change nothing in between, if asked for. */
  private static RunUsage usage(int number, OneRun run, boolean split) {
    var scope = new Scope(TENANT, new ProjectId(new UUID(2, run.project)), "p" + run.project, null);
    var shape =
        new Shape("h100", "h100-sxm-80g", run.gpus, null, "kr-pangyo-1", "kr-seoul", "ON_DEMAND");
    var facts = new ArrayList<RunFact>();
    facts.add(new RunFact(1, RunFact.Kind.STARTED, at(run.from), scope, shape));
    if (split) {
      facts.add(new RunFact(2, RunFact.Kind.MOVED, at((run.from + run.to) / 2), scope, shape));
    }
    facts.add(new RunFact(3, RunFact.Kind.STOPPED, at(run.to), scope, shape));
    Collections.shuffle(facts, new Random(number));
    return RunUsage.tile(
            new RunId(new UUID(3, number)),
            new InstanceId(new UUID(4, number)),
            "i" + number,
            facts)
        .orElseThrow();
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  private static Statement statement(
      List<OneRun> runs,
      boolean split,
      List<UsageCommitment> commitments,
      List<AccountCredit> credits) {
    Tiers tiers =
        new Tiers(Tiers.Mode.GRADUATED, List.of(new Band(BAND, LOW), new Band(null, HIGH)));
    var price =
        new PriceVersion(
            SKU,
            "v1",
            PriceUnit.GPU_HOUR,
            "ON_DEMAND",
            LOW,
            Rational.of(100),
            Instant.EPOCH,
            tiers,
            false);
    var account =
        new AccountTerms(
            "acme",
            BillingMode.EXTERNAL,
            Taxation.USUAL,
            Map.of(
                TENANT,
                Timeline.of(
                    List.of(new Terms(Instant.EPOCH, "EXTERNAL", null, null, null)),
                    Terms::effectiveFrom)),
            List.of(),
            commitments,
            List.of(),
            List.of(),
            List.of(),
            credits,
            List.of());
    var usages = new ArrayList<RunUsage>();
    for (int i = 0; i < runs.size(); i++) {
      usages.add(usage(i, runs.get(i), split));
    }
    Collections.shuffle(usages, new Random(runs.size()));
    return new StatementEngine(
            PriceBook.of(RateCard.of(List.of(price), List.of()), List.of(account), List.of()),
            usages)
        .state("acme", MONTH);
  }

  private static List<UsageCommitment> commitments(Random random) {
    var term = new Term(MONTH.start().plus(Duration.ofDays(random.nextInt(10))), null);
    UsageCommitment.Kind kind =
        random.nextBoolean() ? UsageCommitment.Kind.HOURLY : UsageCommitment.Kind.POOLED;
    Rational quantity =
        kind == UsageCommitment.Kind.HOURLY
            ? Rational.of(1 + random.nextInt(12))
            : Rational.of(50 + random.nextInt(400));
    return List.of(new UsageCommitment("c", SKU, kind, quantity, Rational.of(3150), null, term));
  }

  /** GPU-milliseconds of each hour of the month, padding in the hour of the last instant. */
  private static long[] slowHours(List<OneRun> runs) {
    long begin = MONTH.start().toEpochMilli();
    long end = MONTH.end().toEpochMilli();
    var hours = new long[(int) ((end - begin) / HOUR)];
    for (OneRun run : runs) {
      for (int h = 0; h < hours.length; h++) {
        long from = Math.max(run.from, begin + h * HOUR);
        long to = Math.min(run.to, begin + (h + 1) * HOUR);
        hours[h] += Math.max(0, to - from) * run.gpus;
      }
      long length = run.to - run.from;
      long billed = Math.max(60_000, (length + 999) / 1000 * 1000);
      long last = run.to == run.from ? run.to : run.to - 1;
      if (last >= begin && last < end) {
        hours[(int) ((last - begin) / HOUR)] += (billed - length) * run.gpus;
      }
    }
    return hours;
  }

  private static Rational hoursOf(Statement s, boolean covered) {
    return s.parts().stream()
        .filter(p -> p.isCovered() == covered)
        .map(Part::quantityHours)
        .reduce(Rational.ZERO, Rational::add);
  }

  private static Rational slowCost(Rational hours) {
    Rational beyond = hours.subtract(BAND).max(Rational.ZERO);
    return hours.subtract(beyond).multiply(LOW).add(beyond.multiply(HIGH));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void coverageAndTiersAreThoseOfTheSlowCalculation(long seed) {
    var random = new Random(seed);
    List<OneRun> runs = runs(random);
    List<UsageCommitment> commitments = commitments(random);
    UsageCommitment commitment = commitments.getFirst();

    Statement statement = statement(runs, false, commitments, List.of());

    long[] hours = slowHours(runs);
    Rational all = Rational.ZERO;
    Rational inTerm = Rational.ZERO;
    Rational coveredHourly = Rational.ZERO;
    for (int h = 0; h < hours.length; h++) {
      Rational ran = Rational.of(hours[h], HOUR);
      all = all.add(ran);
      if (!MONTH.start().plusMillis(h * HOUR).isBefore(commitment.term().from())) {
        inTerm = inTerm.add(ran);
        coveredHourly = coveredHourly.add(ran.min(commitment.quantity()));
      }
    }
    Rational covered =
        commitment.kind() == UsageCommitment.Kind.HOURLY
            ? coveredHourly
            : inTerm.min(commitment.committedHours(MONTH));
    assertThat(hoursOf(statement, true)).isEqualTo(covered);
    assertThat(statement.commitments().getFirst().usedHours()).isEqualTo(covered);
    assertThat(hoursOf(statement, false)).isEqualTo(all.subtract(covered));
    Rational charged =
        statement.parts().stream().map(Part::amount).reduce(Rational.ZERO, Rational::add);
    assertThat(charged).isEqualTo(slowCost(all.subtract(covered)));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void splittingARunChangesNoLine(long seed) {
    var random = new Random(seed);
    List<OneRun> runs = runs(random);
    List<UsageCommitment> commitments = commitments(random);

    Statement whole = statement(runs, false, commitments, List.of());
    Statement split = statement(runs, true, commitments, List.of());

    assertThat(split.lines().stream().map(l -> l.key() + " " + l.exact() + " " + l.vat()))
        .containsExactlyElementsOf(
            whole.lines().stream().map(l -> l.key() + " " + l.exact() + " " + l.vat()).toList());
    assertThat(split.total()).isEqualTo(whole.total());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void linesSumToTheDocumentAndAFullCreditLeavesNothing(long seed) {
    List<OneRun> runs = runs(new Random(seed));
    Statement plain = statement(runs, false, List.of(), List.of());
    var grant =
        new CreditGrant(
            new UUID(9, 9),
            "all",
            0,
            Instant.EPOCH,
            null,
            Instant.EPOCH,
            Rational.of(1_000_000_000_000L));

    Statement credited = statement(runs, false, List.of(), List.of(new AccountCredit(null, grant)));

    assertThat(plain.lines().stream().mapToLong(l -> l.supply().amount()).sum())
        .isEqualTo(plain.supplyValue().amount());
    assertThat(plain.lines().stream().mapToLong(l -> l.vat().amount()).sum())
        .isEqualTo(plain.vat().amount());
    assertThat(credited.total()).isEqualTo(Won.ZERO);
    assertThat(credited.usage()).isEqualTo(plain.usage());
    assertThat(credited.credits().getFirst().burned())
        .isEqualTo(plain.parts().stream().map(Part::amount).reduce(Rational.ZERO, Rational::add));
    assertThat(plain.lines())
        .allSatisfy(l -> assertThat(l.key().category()).isEqualTo(LineCategory.USAGE));
  }
}
