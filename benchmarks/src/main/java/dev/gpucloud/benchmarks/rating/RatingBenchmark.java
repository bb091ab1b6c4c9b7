package dev.gpucloud.benchmarks.rating;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.TotalsEngine;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Rates a month of one account on one thread: two SKUs with two graduated bands each, a discount by
 * segment, fifty projects, exact fractions. Once with every row kept (what an invoice needs), once
 * as lines and totals alone. Both must come to the same won.
 */
public final class RatingBenchmark {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final TenantId TENANT = new TenantId(new UUID(1, 1));
  private static final int PROJECTS = 50;
  private static final int RUNS = 5;

  private RatingBenchmark() {}

  /** Arguments: intervals, commit. */
  public static void main(String[] args) {
    int intervals = Integer.parseInt(args[0]);
    PriceBook book = book();
    List<RunUsage> usage = usage(intervals);
    System.out.println(
        "what,intervals,intervals_per_s,intervals_per_s_min,intervals_per_s_max,cpu_ns_per_interval,"
            + "total_krw,load,commit");
    Won rows =
        measure(
            "statement with rows",
            intervals,
            args[1],
            () -> new StatementEngine(book, usage).state("acme", MONTH).total());
    Won totals =
        measure(
            "totals without rows",
            intervals,
            args[1],
            () -> new TotalsEngine(book, usage).state("acme", MONTH).total());
    if (!rows.equals(totals)) {
      throw new IllegalStateException("totals differ: " + rows + " and " + totals);
    }
  }

  private static Won measure(String what, int intervals, String commit, Supplier<Won> work) {
    Won total = Won.ZERO;
    double[] rates = new double[RUNS];
    double[] cpu = new double[RUNS];
    var threads = ManagementFactory.getThreadMXBean();
    for (int i = -3; i < RUNS; i++) {
      System.gc();
      long cpuBegin = threads.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      total = work.get();
      if (i >= 0) {
        rates[i] = intervals / ((System.nanoTime() - begin) / 1e9);
        cpu[i] = (threads.getCurrentThreadCpuTime() - cpuBegin) / (double) intervals;
      }
      System.err.printf("\r%s %d/%d  ", what, Math.max(0, i + 1), RUNS);
    }
    System.err.println();
    Arrays.sort(rates);
    Arrays.sort(cpu);
    System.out.printf(
        Locale.ROOT,
        "%s,%d,%.0f,%.0f,%.0f,%.0f,%d,%.1f,%s%n",
        what,
        intervals,
        rates[RUNS / 2],
        rates[0],
        rates[RUNS - 1],
        cpu[RUNS / 2],
        total.amount(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        commit);
    return total;
  }

  private static PriceBook book() {
    List<PriceVersion> prices = new ArrayList<>();
    for (String model : new String[] {"h100-sxm-80g", "b200-sxm-180g"}) {
      Rational first = Rational.of(model.startsWith("h") ? 4_500 : 7_200);
      prices.add(
          new PriceVersion(
              Shape.skuOf(model, "ON_DEMAND", "kr-seoul"),
              "v1",
              PriceUnit.GPU_HOUR,
              "ON_DEMAND",
              first,
              Rational.of(100),
              Instant.EPOCH,
              new Tiers(
                  Tiers.Mode.GRADUATED,
                  List.of(
                      new Band(Rational.of(100_000), first),
                      new Band(null, first.multiply(Rational.of(13, 15))))),
              false));
    }
    var terms = new Terms(Instant.EPOCH, "EXTERNAL", "STARTUP", Rational.of(85), null);
    var account =
        new AccountTerms(
            "acme",
            BillingMode.EXTERNAL,
            Taxation.USUAL,
            Map.of(TENANT, Timeline.of(List.of(terms), Terms::effectiveFrom)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return PriceBook.of(RateCard.of(prices, List.of()), List.of(account), List.of());
  }

  private static List<RunUsage> usage(int count) {
    var random = new Random(42);
    List<Scope> scopes = new ArrayList<>();
    for (int i = 0; i < PROJECTS; i++) {
      scopes.add(new Scope(TENANT, new ProjectId(new UUID(2, i)), "p" + i, null));
    }
    List<Shape> shapes = new ArrayList<>();
    for (String model : new String[] {"h100-sxm-80g", "b200-sxm-180g"}) {
      for (int gpus = 1; gpus <= 8; gpus *= 2) {
        shapes.add(
            new Shape(
                model + "." + gpus + "x",
                model,
                gpus,
                null,
                "kr-pangyo-1",
                "kr-seoul",
                "ON_DEMAND"));
      }
    }
    long span = Duration.between(MONTH.start(), MONTH.end()).toMillis();
    List<RunUsage> runs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Instant start = MONTH.start().plusMillis(random.nextLong(span));
      Instant end = start.plusMillis(random.nextLong(Duration.ofHours(20).toMillis()));
      var interval =
          new UsageInterval(
              start,
              end,
              scopes.get(random.nextInt(PROJECTS)),
              shapes.get(random.nextInt(shapes.size())));
      runs.add(
          new RunUsage(
              new RunId(new UUID(3, i)),
              new InstanceId(new UUID(4, i)),
              "i",
              List.of(interval),
              end,
              null));
    }
    return runs;
  }
}
