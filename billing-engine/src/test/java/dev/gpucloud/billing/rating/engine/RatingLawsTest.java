package dev.gpucloud.billing.rating.engine;

import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws that hold whatever happened; each seed is a random quarter of one tenant. */
class RatingLawsTest {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final Instant FROM = kst("2026-08-20T00:00");
  private static final long SPAN_MILLIS = Duration.ofDays(50).toMillis();

  static Stream<Long> seeds() {
    return Stream.iterate(1L, s -> s + 1).limit(60);
  }

  /** What a seed stands for. */
  private static final class World {
    final Random random;
    final List<List<RunFact>> facts = new ArrayList<>();
    final RateCard rateCard;
    final Timeline<Terms> terms;
    final List<CreditGrant> grants;

    World(long seed) {
      random = new Random(seed);
      rateCard =
          RateCard.of(
              List.of(
                  Story.price(Story.H100, "v1", 4500, Story.LONG_AGO),
                  Story.price(Story.H100, "v2", 4517, instant()),
                  Story.price(Story.H100, "v3", 4001, instant())),
              List.of(
                  new Discount(
                      Discount.Scope.SEGMENT, "STARTUP", Rational.of(20), Story.LONG_AGO)));
      terms =
          Timeline.of(
              List.of(
                  new Terms(Story.LONG_AGO, "EXTERNAL", "STARTUP", null, null),
                  new Terms(instant(), "EXTERNAL", null, null, null)),
              Terms::effectiveFrom);
      grants =
          List.of(
              new CreditGrant(
                  new UUID(9, 1),
                  "grant",
                  1,
                  Story.LONG_AGO,
                  instant(),
                  Story.LONG_AGO,
                  Rational.of(random.nextInt(50_000_000), 7)));
      for (int i = 0; i < 12; i++) {
        facts.add(randomRun());
      }
    }

    Instant instant() {
      return FROM.plusMillis(random.nextLong(SPAN_MILLIS));
    }

    private List<RunFact> randomRun() {
      var run = new ArrayList<RunFact>();
      var project = new ProjectId(new UUID(2, 1 + random.nextInt(3)));
      int gpus = 1 << random.nextInt(4);
      Instant at = instant();
      run.add(fact(1, RunFact.Kind.STARTED, at, project, gpus));
      int moves = random.nextInt(3);
      for (int i = 0; i < moves; i++) {
        at = at.plusMillis(random.nextLong(SPAN_MILLIS / 10));
        run.add(fact(2 + i, RunFact.Kind.MOVED, at, new ProjectId(new UUID(2, 1 + i)), gpus));
      }
      if (random.nextInt(5) > 0) {
        long length =
            random.nextInt(4) == 0 ? random.nextLong(90_000) : random.nextLong(SPAN_MILLIS);
        run.add(fact(9, RunFact.Kind.STOPPED, at.plusMillis(length), project, gpus));
      }
      return run;
    }

    private static RunFact fact(
        long sequence, RunFact.Kind kind, Instant at, ProjectId project, int gpus) {
      return new RunFact(sequence, kind, at, Story.in(project), Story.h100(gpus));
    }

    List<RunUsage> runs() {
      var runs = new ArrayList<RunUsage>();
      for (int i = 0; i < facts.size(); i++) {
        runs.add(tile(i, facts.get(i)));
      }
      return runs;
    }

    RunUsage tile(int i, List<RunFact> these) {
      return RunUsage.tile(
              new RunId(new UUID(3, i)), new InstanceId(new UUID(4, i)), "vm-" + i, these)
          .orElseThrow();
    }

    Rating rate(List<RunUsage> runs, Instant from, Instant to) {
      var ends = Set.of(Objects.requireNonNull(grants.getFirst().expiresAt()));
      return new RatingEngine(rateCard, terms, ends).rate(runs, from, to);
    }

    Statement invoice(List<RunUsage> runs) {
      return Story.statement(rateCard, terms, grants, BillingMode.EXTERNAL, runs, MONTH);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void arrivalOrderAndDuplicatesMakeNoDifference(long seed) {
    var world = new World(seed);
    Statement expected = world.invoice(world.runs());
    var shuffled = new ArrayList<RunUsage>();
    for (int i = 0; i < world.facts.size(); i++) {
      var twice = new ArrayList<>(world.facts.get(i));
      twice.addAll(world.facts.get(i));
      Collections.shuffle(twice, world.random);
      shuffled.add(world.tile(i, twice));
    }
    Collections.shuffle(shuffled, world.random);
    assertThat(world.invoice(shuffled)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void splittingAnIntervalMakesNoDifference(long seed) {
    var world = new World(seed);
    List<RunUsage> split = world.runs().stream().map(r -> split(r, world.random)).toList();
    assertThat(world.invoice(split)).isEqualTo(world.invoice(world.runs()));
  }

  private static RunUsage split(RunUsage run, Random random) {
    var parts = new ArrayList<UsageInterval>();
    for (UsageInterval i : run.intervals()) {
      Instant end = i.end() == null ? i.start().plus(Duration.ofDays(40)) : i.end();
      long length = Duration.between(i.start(), end).toMillis();
      if (length < 2) {
        parts.add(i);
        continue;
      }
      Instant middle = i.start().plusMillis(1 + random.nextLong(length - 1));
      parts.add(new UsageInterval(i.start(), middle, i.scope(), i.shape()));
      parts.add(new UsageInterval(middle, i.end(), i.scope(), i.shape()));
    }
    return new RunUsage(run.runId(), run.instanceId(), run.instanceName(), parts, run.end(), null);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void linesSumToTheDocumentAndRowsToTheirLine(long seed) {
    var world = new World(seed);
    Statement invoice = world.invoice(world.runs());
    long lines = invoice.lines().stream().mapToLong(l -> l.amount().amount()).sum();
    long vats = invoice.lines().stream().mapToLong(l -> l.vat().amount()).sum();
    assertThat(lines).isEqualTo(invoice.supplyValue().amount());
    assertThat(vats).isEqualTo(invoice.vat().amount());
    assertThat(invoice.total()).isEqualTo(invoice.supplyValue().plus(invoice.vat()));
    invoice
        .lines()
        .forEach(
            l -> {
              Rational rows =
                  l.parts().stream().map(Part::netAmount).reduce(l.rounding(), Rational::add);
              assertThat(rows).isEqualTo(Rational.of(l.amount().amount()));
              assertThat(l.rounding().abs()).isLessThanOrEqualTo(Rational.of(1, 2));
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void monthEndsLoseNoMillisecond(long seed) {
    var world = new World(seed);
    Instant from = BillingMonth.parse("2026-08").start();
    Instant to = BillingMonth.parse("2026-12").end();
    Rational whole = sum(world.rate(world.runs(), from, to));
    Rational byMonth = Rational.ZERO;
    for (var m = BillingMonth.of(from); m.start().isBefore(to); m = m.next()) {
      byMonth = byMonth.add(sum(world.rate(world.runs(), m.start(), m.end())));
    }
    assertThat(byMonth).isEqualTo(whole);
    long billed =
        world.rate(world.runs(), from, to).rows().stream().mapToLong(RatedRow::billedMillis).sum();
    long expected =
        world.runs().stream()
            .mapToLong(
                r ->
                    Duration.between(r.start(), r.end() == null ? to : r.end()).toMillis()
                        + r.paddingMillis())
            .sum();
    assertThat(billed).isEqualTo(expected);
  }

  private static Rational sum(Rating rating) {
    return rating.rows().stream().map(RatedRow::amount).reduce(Rational.ZERO, Rational::add);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void creditsNeverExceedTheirBalanceNorTheirRows(long seed) {
    var world = new World(seed);
    var rows = world.rate(world.runs(), MONTH.start(), MONTH.end()).rows();
    List<Part> parts = world.invoice(world.runs()).parts();
    Rational used = parts.stream().map(Part::creditAmount).reduce(Rational.ZERO, Rational::add);
    CreditGrant grant = world.grants.getFirst();
    Rational coverable =
        rows.stream()
            .filter(r -> grant.coversUsageAt(r.start()))
            .map(RatedRow::amount)
            .reduce(Rational.ZERO, Rational::add);
    assertThat(used).isEqualTo(grant.balance().min(coverable));
    assertThat(parts).allSatisfy(p -> assertThat(p.netAmount().signum()).isNotNegative());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itemVatSumsToTheDocumentsAndMirrorsWithItsSign(long seed) {
    var random = new Random(seed);
    List<Won> items =
        Stream.generate(() -> new Won(random.nextInt(2_000) - 400)).limit(1 + seed % 20).toList();
    Won supply = items.stream().reduce(Won.ZERO, Won::plus);
    List<Won> vats = Vat.ofItems(items, Vat.of(supply));
    assertThat(vats.stream().reduce(Won.ZERO, Won::plus)).isEqualTo(Vat.of(supply));
    List<Won> minus = items.stream().map(Won::negate).toList();
    assertThat(Vat.ofItems(minus, Vat.of(supply.negate())))
        .isEqualTo(vats.stream().map(Won::negate).toList());
    var inclusive = Vat.inclusive(items);
    assertThat(inclusive.lineSupplies().stream().reduce(Won.ZERO, Won::plus))
        .isEqualTo(inclusive.supplyValue());
    assertThat(inclusive.supplyValue().plus(inclusive.vat())).isEqualTo(supply);
  }
}
