package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns runs into rated rows within a window, usually a billing month. Pure: the same runs, prices
 * and terms give the same rows in the same order, whatever the order of the runs.
 */
public final class RatingEngine {
  private final RateCard rateCard;
  private final Timeline<Terms> terms;
  private final Function<String, NavigableSet<Instant>> fixedCuts;

  /**
   * @param fixedCuts instants at which every row is cut, such as the ends of credits: a row is then
   *     wholly before or wholly after each of them
   */
  public RatingEngine(RateCard rateCard, Timeline<Terms> terms, Set<Instant> fixedCuts) {
    this(rateCard, terms, always(new TreeSet<>(fixedCuts)));
  }

  /**
   * @param fixedCuts instants at which every row of a SKU is cut
   */
  public RatingEngine(
      RateCard rateCard, Timeline<Terms> terms, Function<String, NavigableSet<Instant>> fixedCuts) {
    this.rateCard = rateCard;
    this.terms = terms;
    this.fixedCuts = fixedCuts;
  }

  private static Function<String, NavigableSet<Instant>> always(NavigableSet<Instant> cuts) {
    return sku -> cuts;
  }

  /** Rates what lies in {@code [from, to)} of each run, ordered by usage time. */
  public Rating rate(Collection<RunUsage> runs, Instant from, Instant to) {
    var rows = new ArrayList<RatedRow>();
    var unpriced = new ArrayList<Rating.Unpriced>();
    for (RunUsage run : runs) {
      if (run.touches(from, to)) {
        rateRun(run, from, to, rows, unpriced);
      }
    }
    rows.sort(RatedRow.BY_USAGE_TIME);
    return new Rating(rows, unpriced);
  }

  private void rateRun(
      RunUsage run, Instant from, Instant to, List<RatedRow> rows, List<Rating.Unpriced> unpriced) {
    List<Slice> slices = merge(slices(run, from, to));
    for (int i = 0; i < slices.size(); i++) {
      Slice s = slices.get(i);
      boolean last = i == slices.size() - 1 && s.end.equals(run.end());
      if (s.price == null) {
        unpriced.add(new Rating.Unpriced(s.interval.shape().sku(), s.start));
      } else {
        rows.add(row(run, s, last ? run.paddingMillis() : 0));
      }
    }
  }

  private RatedRow row(RunUsage run, Slice s, long paddingMillis) {
    PriceVersion price = Objects.requireNonNull(s.price);
    Rational unitPrice = s.unitPrice();
    long billedMillis = Duration.between(s.start, s.end).toMillis() + paddingMillis;
    return new RatedRow(
        run.runId(),
        run.instanceId(),
        run.instanceName(),
        s.interval.scope(),
        s.interval.shape(),
        s.start,
        s.end,
        paddingMillis,
        price,
        s.factors,
        unitPrice,
        RatedRow.amountOf(unitPrice, s.interval.shape().units(), billedMillis));
  }

  private List<Slice> slices(RunUsage run, Instant from, Instant to) {
    var slices = new ArrayList<Slice>();
    for (UsageInterval interval : run.intervals()) {
      Instant start = interval.start().isBefore(from) ? from : interval.start();
      Instant end = interval.end() == null || interval.end().isAfter(to) ? to : interval.end();
      boolean emptyRun = interval.start().equals(interval.end()) && interval.start().equals(start);
      if (start.isBefore(end) || (emptyRun && start.isBefore(to))) {
        cut(interval, start, end, slices);
      }
    }
    return slices;
  }

  private void cut(UsageInterval interval, Instant start, Instant end, List<Slice> slices) {
    String sku = interval.shape().sku();
    NavigableSet<Instant> cuts = rateCard.changesBetween(sku, terms, start, end);
    if (start.isBefore(end)) {
      cuts.addAll(fixedCuts.apply(sku).subSet(start, false, end, false));
    }
    Instant at = start;
    for (Instant cut : cuts) {
      slices.add(slice(interval, at, cut));
      at = cut;
    }
    slices.add(slice(interval, at, end));
  }

  private Slice slice(UsageInterval interval, Instant start, Instant end) {
    PriceVersion price = rateCard.findPrice(interval.shape().sku(), start);
    List<Factor> factors =
        price == null ? List.of() : rateCard.factors(price, terms.findAt(start), start);
    return new Slice(interval, start, end, price, factors);
  }

  /** Rejoins neighbours that a row need not be cut between, so that splitting changes nothing. */
  private List<Slice> merge(List<Slice> slices) {
    var merged = new ArrayList<Slice>();
    for (Slice s : slices) {
      Slice before = merged.isEmpty() ? null : merged.getLast();
      if (before != null
          && !fixedCuts.apply(s.interval.shape().sku()).contains(s.start)
          && before.continuesIn(s)) {
        merged.set(
            merged.size() - 1,
            new Slice(before.interval, before.start, s.end, before.price, before.factors));
      } else {
        merged.add(s);
      }
    }
    return merged;
  }

  private record Slice(
      UsageInterval interval,
      Instant start,
      Instant end,
      @Nullable PriceVersion price,
      List<Factor> factors) {

    boolean continuesIn(Slice next) {
      return end.equals(next.start)
          && interval.scope().equals(next.interval.scope())
          && interval.shape().equals(next.interval.shape())
          && Objects.equals(price, next.price)
          && factors.equals(next.factors);
    }

    Rational unitPrice() {
      Rational unit = Objects.requireNonNull(price).listPriceKrwPerHour();
      for (Factor f : factors) {
        unit = unit.multiply(f.multiplier());
      }
      return unit;
    }
  }
}
