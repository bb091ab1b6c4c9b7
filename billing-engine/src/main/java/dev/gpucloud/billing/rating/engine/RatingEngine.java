package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    var window = new Window(from, to);
    for (RunUsage run : runs) {
      if (run.touches(from, to)) {
        window.rate(run);
      }
    }
    window.rows.sort(RatedRow.BY_USAGE_TIME);
    return new Rating(window.rows, window.unpriced);
  }

  /** What holds of a SKU within a window: its prices, and where rows are cut. */
  private record Sku(
      String name,
      List<PriceStretch> stretches,
      List<@Nullable Rational> unitPrices,
      NavigableSet<Instant> fixedCuts,
      NavigableSet<Instant> cuts) {}

  private final class Window {
    private final Instant from;
    private final Instant to;
    private final Map<Shape, Sku> skus = new HashMap<>();
    private final List<RatedRow> rows = new ArrayList<>();
    private final List<Rating.Unpriced> unpriced = new ArrayList<>();

    Window(Instant from, Instant to) {
      this.from = from;
      this.to = to;
    }

    private Sku sku(Shape shape) {
      return skus.computeIfAbsent(
          shape,
          s -> {
            String name = s.sku();
            List<PriceStretch> stretches = PriceStretch.of(rateCard, terms, name, from, to);
            NavigableSet<Instant> fixed = fixedCuts.apply(name);
            NavigableSet<Instant> cuts = new TreeSet<>(fixed.subSet(from, false, to, false));
            stretches.stream().skip(1).forEach(stretch -> cuts.add(stretch.start()));
            List<@Nullable Rational> prices = new ArrayList<>();
            stretches.forEach(stretch -> prices.add(stretch.unitPriceKrwPerHour()));
            return new Sku(name, stretches, prices, fixed, cuts);
          });
    }

    void rate(RunUsage run) {
      List<Slice> slices = slices(run);
      for (int i = 0; i < slices.size(); i++) {
        Slice s = slices.get(i);
        boolean last = i == slices.size() - 1 && s.end.equals(run.end());
        if (s.price() == null) {
          unpriced.add(new Rating.Unpriced(s.sku.name(), s.start));
        } else {
          rows.add(row(run, s, last ? run.paddingMillis() : 0));
        }
      }
    }

    private List<Slice> slices(RunUsage run) {
      List<Slice> slices = new ArrayList<>(run.intervals().size());
      for (UsageInterval interval : run.intervals()) {
        Instant start = interval.start().isBefore(from) ? from : interval.start();
        Instant end = interval.end() == null || interval.end().isAfter(to) ? to : interval.end();
        boolean emptyRun =
            interval.start().equals(interval.end()) && interval.start().equals(start);
        if (start.isBefore(end) || (emptyRun && start.isBefore(to))) {
          cut(interval, start, end, slices);
        }
      }
      return slices.size() < 2 ? slices : merge(slices);
    }

    private void cut(UsageInterval interval, Instant start, Instant end, List<Slice> slices) {
      Sku sku = sku(interval.shape());
      Instant at = start;
      if (!sku.cuts().isEmpty() && start.isBefore(end)) {
        for (Instant cut : sku.cuts().subSet(start, false, end, false)) {
          slices.add(slice(interval, sku, at, cut));
          at = cut;
        }
      }
      slices.add(slice(interval, sku, at, end));
    }
  }

  private static Slice slice(UsageInterval interval, Sku sku, Instant start, Instant end) {
    return new Slice(interval, sku, PriceStretch.indexAt(sku.stretches(), start), start, end);
  }

  private static RatedRow row(RunUsage run, Slice s, long paddingMillis) {
    Rational unitPrice = Objects.requireNonNull(s.sku.unitPrices().get(s.stretch));
    PriceVersion price = Objects.requireNonNull(s.price());
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
        s.factors(),
        unitPrice,
        RatedRow.amountOf(unitPrice, price.unitsOf(s.interval.shape()), billedMillis),
        run.isEndEstimated() && s.end.equals(run.end()));
  }

  /** Rejoins neighbours that a row need not be cut between, so that splitting changes nothing. */
  private static List<Slice> merge(List<Slice> slices) {
    var merged = new ArrayList<Slice>();
    for (Slice s : slices) {
      Slice before = merged.isEmpty() ? null : merged.getLast();
      if (before != null && !s.sku.fixedCuts().contains(s.start) && before.continuesIn(s)) {
        merged.set(
            merged.size() - 1,
            new Slice(before.interval, before.sku, before.stretch, before.start, s.end));
      } else {
        merged.add(s);
      }
    }
    return merged;
  }

  private record Slice(UsageInterval interval, Sku sku, int stretch, Instant start, Instant end) {
    @Nullable PriceVersion price() {
      return sku.stretches().get(stretch).price();
    }

    List<Factor> factors() {
      return sku.stretches().get(stretch).factors();
    }

    boolean continuesIn(Slice next) {
      return end.equals(next.start)
          && interval.scope().equals(next.interval.scope())
          && interval.shape().equals(next.interval.shape())
          && isOnePrice(price(), next.price())
          && factors().equals(next.factors());
    }

    /** A price of the list that a contract replaces charges nothing, whenever it changes. */
    private static boolean isOnePrice(@Nullable PriceVersion a, @Nullable PriceVersion b) {
      return a == null || b == null ? a == b : a.alone().equals(b.alone());
    }
  }
}
