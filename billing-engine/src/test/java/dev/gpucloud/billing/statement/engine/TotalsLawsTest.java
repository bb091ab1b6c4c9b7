package dev.gpucloud.billing.statement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.TotalsEngine.Totals;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Totals without rows are those of the statement with rows, to the last fraction, over seeds. */
class TotalsLawsTest {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final List<TenantId> TENANTS =
      List.of(
          new TenantId(new UUID(1, 1)), new TenantId(new UUID(1, 2)), new TenantId(new UUID(1, 3)));
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final String[] CLASSES = {"ON_DEMAND", "PREEMPTIBLE"};
  private static final String[] MODELS = {"h100-sxm-80g", "b200-sxm-180g", "unpriced"};

  static List<Long> seeds() {
    return LongStream.rangeClosed(1, 120).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void areThoseOfTheStatement(long seed) {
    var random = new Random(seed);
    PriceBook book = book(random);
    List<RunUsage> runs = runs(random);
    Statement expected = new StatementEngine(book, runs).state("acme", MONTH);
    Collections.shuffle(runs, random);
    var engine = new TotalsEngine(book, runs);

    assertThat(engine.canState("acme")).isTrue();
    Totals totals = engine.state("acme", MONTH);

    assertThat(totals.lines().stream().map(TotalsLawsTest::bare).toList())
        .isEqualTo(expected.lines().stream().map(TotalsLawsTest::bare).toList());
    assertThat(totals.usage()).isEqualTo(expected.usage());
    assertThat(totals.supplyValue()).isEqualTo(expected.supplyValue());
    assertThat(totals.vat()).isEqualTo(expected.vat());
    assertThat(totals.total()).isEqualTo(expected.total());
    assertThat(totals.taxType()).isEqualTo(expected.taxType());
    assertThat(firsts(totals.unpriced())).isEqualTo(firsts(expected.unpriced()));
  }

  /** Whatever part of the runs was rated before, tenant by tenant and day by day. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void areThoseOfBooksAndTheRest(long seed) {
    var random = new Random(seed);
    PriceBook book = book(random);
    List<RunUsage> runs = runs(random);
    Statement expected = new StatementEngine(book, runs).state("acme", MONTH);
    AccountTerms acme = book.accounts().get("acme");
    List<BookedUsage> booked = new ArrayList<>();
    List<RunUsage> rest = new ArrayList<>();
    List<Part> rows = new ArrayList<>();
    Map<List<Object>, List<RunUsage>> days =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run ->
                        List.of(
                            run.intervals().getFirst().scope().tenantId(),
                            run.end() == null ? 0 : run.end().getEpochSecond() / 86_400)));
    days.forEach(
        (day, ended) -> {
          boolean isOver = ended.stream().allMatch(run -> run.end() != null);
          DayBook of =
              isOver && acme.tenants().containsKey(day.getFirst()) && random.nextInt(4) > 0
                  ? DayBook.of(
                          new StatementEngine(alone(book), ended).state("acme", MONTH),
                          new PriceBasis(book.rateCard(), acme, MONTH))
                      .orElse(null)
                  : null;
          if (of == null) {
            rest.addAll(ended);
          } else {
            booked.addAll(of.usage());
            rows.addAll(of.rows());
          }
        });

    Statement found =
        new StatementEngine(book, rest).state("acme", MONTH, Map.of(), shuffled(booked, random));

    assertThat(found.lines().stream().map(TotalsLawsTest::bare))
        .containsExactlyElementsOf(expected.lines().stream().map(TotalsLawsTest::bare).toList());
    assertThat(found.lines().stream().map(StatementLine::lastUse).toList())
        .isEqualTo(expected.lines().stream().map(StatementLine::lastUse).toList());
    assertThat(found.usage()).isEqualTo(expected.usage());
    assertThat(found.total()).isEqualTo(expected.total());
    rows.addAll(found.parts());
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected.parts());
  }

  /** A book is made without what others buy. */
  private static PriceBook alone(PriceBook book) {
    return PriceBook.of(book.rateCard(), List.of(book.accounts().get("acme")), List.of());
  }

  private static <T> List<T> shuffled(List<T> all, Random random) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static Map<String, Instant> firsts(List<Unpriced> unpriced) {
    return unpriced.stream()
        .collect(Collectors.toMap(Unpriced::sku, Unpriced::from, (a, b) -> a.isBefore(b) ? a : b));
  }

  private static StatementLine bare(StatementLine line) {
    return new StatementLine(
        line.number(),
        line.key(),
        line.quantityHours(),
        line.exact(),
        line.amount(),
        line.supply(),
        line.vat(),
        List.of(),
        null);
  }

  private static PriceBook book(Random random) {
    List<PriceVersion> prices = new ArrayList<>();
    for (String model : List.of(MODELS[0], MODELS[1])) {
      for (String purchaseClass : CLASSES) {
        String sku = Shape.skuOf(model, purchaseClass, "kr-seoul");
        prices.add(price(sku, "v1", purchaseClass, Instant.EPOCH, random));
        for (int v = 2; v < 2 + random.nextInt(3); v++) {
          prices.add(price(sku, "v" + v, purchaseClass, within(random), random));
        }
      }
    }
    List<Discount> discounts =
        List.of(
            new Discount(Discount.Scope.KIND, "SUBSIDIARY", Rational.of(25), Instant.EPOCH),
            new Discount(Discount.Scope.SEGMENT, "STARTUP", Rational.of(7, 2), within(random)));
    AccountTerms acme =
        account("acme", random, List.of(TENANTS.get(0), TENANTS.get(1)), BillingMode.EXTERNAL);
    AccountTerms other =
        account("other", random, List.of(TENANTS.get(2)), BillingMode.GROUP_SERVICE);
    List<TierPool> pools =
        random.nextBoolean()
            ? List.of(new TierPool("pool", Set.of("acme", "other", "gone")))
            : List.of();
    return PriceBook.of(RateCard.of(prices, discounts), List.of(acme, other), pools);
  }

  private static PriceVersion price(
      String sku, String version, String purchaseClass, Instant from, Random random) {
    Rational list = Rational.of(1 + random.nextInt(9_000), 1 + random.nextInt(7));
    return new PriceVersion(
        sku,
        version,
        random.nextInt(4) == 0 ? PriceUnit.INSTANCE_HOUR : PriceUnit.GPU_HOUR,
        purchaseClass,
        list,
        purchaseClass.equals("PREEMPTIBLE") ? Rational.of(40) : Rational.of(100),
        from,
        random.nextInt(3) == 0 ? tiers(list, random) : null,
        false);
  }

  private static Tiers tiers(Rational first, Random random) {
    return new Tiers(
        random.nextBoolean() ? Tiers.Mode.GRADUATED : Tiers.Mode.VOLUME,
        List.of(
            new Band(Rational.of(1 + random.nextInt(400)), first),
            new Band(null, Rational.of(random.nextInt(5_000), 3))));
  }

  private static AccountTerms account(
      String id, Random random, List<TenantId> tenants, BillingMode mode) {
    Map<TenantId, Timeline<Terms>> terms = new java.util.HashMap<>();
    for (TenantId tenant : tenants) {
      terms.put(
          tenant,
          Timeline.of(
              List.of(
                  new Terms(Instant.EPOCH, "EXTERNAL", null, null, null),
                  new Terms(
                      within(random),
                      "SUBSIDIARY",
                      "STARTUP",
                      random.nextBoolean() ? Rational.of(15) : null,
                      random.nextBoolean() ? within(random) : null)),
              Terms::effectiveFrom));
    }
    List<ContractPrice> contracts =
        random.nextInt(3) == 0
            ? List.of(
                new ContractPrice(
                    "c1",
                    MODELS[0],
                    null,
                    PriceUnit.GPU_HOUR,
                    Rational.of(4050),
                    random.nextBoolean() ? tiers(Rational.of(4050), random) : null,
                    MONTH.start(),
                    random.nextBoolean() ? within(random) : null))
            : List.of();
    return new AccountTerms(
        id,
        mode,
        Taxation.USUAL,
        terms,
        contracts,
        List.of(),
        List.of(),
        random.nextBoolean()
            ? List.of(
                new SpendCommitment(
                    "s", new Won(random.nextLong(5_000_000)), new Term(MONTH.start(), null)))
            : List.of(),
        random.nextBoolean()
            ? List.of(
                new MonthlyFee("f", "support", new Won(43_200_000), new Term(dayOf(random), null)))
            : List.of(),
        List.of(),
        List.of());
  }

  private static Instant dayOf(Random random) {
    return MONTH.start().plus(Duration.ofDays(random.nextInt(28)));
  }

  private static Instant within(Random random) {
    return MONTH.start().plus(Duration.ofMinutes(random.nextInt(30 * 24 * 60)));
  }

  private static List<RunUsage> runs(Random random) {
    List<RunUsage> runs = new ArrayList<>();
    int n = 1 + random.nextInt(25);
    for (int i = 0; i < n; i++) {
      run(i, random).ifPresent(runs::add);
    }
    return runs;
  }

  private static java.util.Optional<RunUsage> run(int number, Random random) {
    long span = Duration.between(MONTH.start(), MONTH.end()).toMillis();
    long at = MONTH.start().toEpochMilli() - 50 * HOUR + (long) (random.nextDouble() * span * 1.05);
    TenantId tenant = TENANTS.get(random.nextInt(3));
    Scope scope = scope(tenant, random);
    Shape shape = shape(random);
    List<RunFact> facts = new ArrayList<>();
    facts.add(fact(1, RunFact.Kind.STARTED, at, scope, shape));
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      at += random.nextLong(90 * HOUR);
      boolean move = random.nextBoolean();
      scope = move ? scope(tenant, random) : scope;
      shape = move ? shape : shape(random);
      facts.add(fact(2 + i, move ? RunFact.Kind.MOVED : RunFact.Kind.RESIZED, at, scope, shape));
    }
    int kind = random.nextInt(5);
    if (kind > 0) {
      at += kind == 1 ? 0 : kind == 2 ? random.nextInt(70_000) : random.nextLong(400 * HOUR);
      facts.add(fact(2 + changes, RunFact.Kind.STOPPED, at, scope, shape));
    }
    return RunUsage.tile(
        new RunId(new UUID(3, number)), new InstanceId(new UUID(4, number)), "i" + number, facts);
  }

  private static RunFact fact(
      long sequence, RunFact.Kind kind, long at, Scope scope, @Nullable Shape shape) {
    return new RunFact(sequence, kind, Instant.ofEpochMilli(at), scope, shape);
  }

  private static Scope scope(TenantId tenant, Random random) {
    int project = random.nextInt(3);
    return new Scope(tenant, new ProjectId(new UUID(2, project)), "p" + project, null);
  }

  private static Shape shape(Random random) {
    String model = MODELS[random.nextInt(random.nextInt(8) == 0 ? 3 : 2)];
    return new Shape(
        model + ".x",
        model,
        1 << random.nextInt(4),
        null,
        "kr-pangyo-1",
        "kr-seoul",
        CLASSES[random.nextInt(2)]);
  }
}
