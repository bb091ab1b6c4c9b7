package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.rating.engine.PriceStretch;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Milliseconds times units of a tenant's runs within a window, by SKU, stretch of prices and
 * project. A run's padding counts where its last instant does.
 */
final class Tally {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final RateCard card;
  private final Timeline<Terms> terms;
  private final Instant from;
  private final Instant to;
  private final Map<Shape, Place> places = new HashMap<>();
  private final Map<String, Stretches> bySku = new HashMap<>();
  private final Map<String, Instant> unpriced = new TreeMap<>();

  /** Where a shape's time is summed. */
  private record Place(Stretches stretches, Shape shape) {
    void add(int i, ProjectId project, long millis) {
      PriceVersion price = Objects.requireNonNull(stretches.all().get(i).price());
      stretches.add(i, project, Math.multiplyExact(millis, (long) price.unitsOf(shape)));
    }
  }

  private static final class Sum {
    private long unitMillis;
  }

  private record Stretches(String sku, List<PriceStretch> all, List<Map<ProjectId, Sum>> sums) {
    static Stretches of(String sku, List<PriceStretch> all) {
      List<Map<ProjectId, Sum>> sums = new ArrayList<>();
      all.forEach(each -> sums.add(new HashMap<>()));
      return new Stretches(sku, all, sums);
    }

    boolean isPriced(int i) {
      return all.get(i).price() != null;
    }

    void add(int i, ProjectId project, long unitMillis) {
      Sum sum = sums.get(i).computeIfAbsent(project, p -> new Sum());
      sum.unitMillis = Math.addExact(sum.unitMillis, unitMillis);
    }
  }

  Tally(RateCard card, Timeline<Terms> terms, Instant from, Instant to) {
    this.card = card;
    this.terms = terms;
    this.from = from;
    this.to = to;
  }

  /** Counts what of the run lies within the window. */
  void add(RunUsage run) {
    if (!run.touches(from, to)) {
      return;
    }
    @Nullable UsageInterval last = null;
    Instant lastStart = from;
    for (UsageInterval interval : run.intervals()) {
      Instant start = interval.start().isBefore(from) ? from : interval.start();
      Instant end = interval.end() == null || interval.end().isAfter(to) ? to : interval.end();
      boolean empty = start.equals(interval.end()) && start.equals(interval.start());
      if (start.isBefore(end) || empty && start.isBefore(to)) {
        lastStart = count(interval, start, end);
        last = interval;
      }
    }
    if (last != null
        && run.end() != null
        && run.end().equals(last.end())
        && !to.isBefore(run.end())) {
      pad(last, lastStart, run.paddingMillis());
    }
  }

  /** Answers where the last piece began: it may end with the window's last stretch. */
  private Instant count(UsageInterval interval, Instant start, Instant end) {
    Place place = place(interval.shape());
    Stretches stretches = place.stretches();
    ProjectId project = interval.scope().projectId();
    Instant at = start;
    for (int i = PriceStretch.indexAt(stretches.all(), start); ; i++) {
      boolean lastOne =
          i == stretches.all().size() - 1 || !stretches.all().get(i + 1).start().isBefore(end);
      Instant until = lastOne ? end : stretches.all().get(i + 1).start();
      if (stretches.isPriced(i)) {
        place.add(i, project, millis(at, until));
      } else {
        unpriced.merge(stretches.sku(), at, (a, b) -> a.isBefore(b) ? a : b);
      }
      if (lastOne) {
        return at;
      }
      at = until;
    }
  }

  private void pad(UsageInterval last, Instant lastStart, long paddingMillis) {
    Place place = place(last.shape());
    int i = PriceStretch.indexAt(place.stretches().all(), lastStart);
    if (paddingMillis > 0 && place.stretches().isPriced(i)) {
      place.add(i, last.scope().projectId(), paddingMillis);
    }
  }

  private Place place(Shape shape) {
    Place known = places.get(shape);
    if (known != null) {
      return known;
    }
    Stretches stretches =
        bySku.computeIfAbsent(
            shape.sku(), sku -> Stretches.of(sku, PriceStretch.of(card, terms, sku, from, to)));
    Place made = new Place(stretches, shape);
    places.put(shape, made);
    return made;
  }

  /** Whole milliseconds between two instants, as {@link Duration#toMillis} counts them. */
  private static long millis(Instant start, Instant end) {
    return (end.getEpochSecond() - start.getEpochSecond()) * 1000
        + Math.floorDiv(end.getNano() - start.getNano(), NANOS_PER_MILLI);
  }

  /** A stretch that has a price. */
  record Priced(PriceVersion price, Rational factor) {}

  /** Every sum of a stretch that has a price. */
  void sums(TotalsEngine.SumVisitor visitor) {
    for (Stretches stretches : bySku.values()) {
      for (int i = 0; i < stretches.all().size(); i++) {
        PriceVersion price = stretches.all().get(i).price();
        if (price != null) {
          Priced priced = new Priced(price, stretches.all().get(i).factor());
          stretches
              .sums()
              .get(i)
              .forEach(
                  (project, sum) ->
                      visitor.visit(priced, stretches.sku(), project, sum.unitMillis));
        }
      }
    }
  }

  /** Adds the hours of each SKU, all stretches and projects together. */
  void quantities(Map<String, Rational> bySkuHours) {
    Map<String, Long> millis = new HashMap<>();
    sums((stretch, sku, project, unitMillis) -> millis.merge(sku, unitMillis, Math::addExact));
    millis.forEach(
        (sku, sum) -> bySkuHours.merge(sku, Rational.of(sum, HOUR_MILLIS), Rational::add));
  }

  /** Each SKU that had no price, from the first instant on that it was used without one. */
  List<Unpriced> unpriced() {
    return unpriced.entrySet().stream()
        .map(each -> new Unpriced(each.getKey(), each.getValue()))
        .toList();
  }
}
