package dev.gpucloud.billing.spend.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How far a budget was used when it was looked at last.
 *
 * @param told the thresholds that people were told of in this month
 * @param stopped whether nothing new may start before the month ends
 */
public record BudgetMeter(
    BillingMonth month,
    Rational spent,
    Rational forecast,
    SortedSet<Threshold> told,
    boolean stopped) {

  public BudgetMeter {
    told = new TreeSet<>(told);
  }

  /** A month in which nothing was seen yet. */
  public static BudgetMeter fresh(BillingMonth month) {
    return new BudgetMeter(month, Rational.ZERO, Rational.ZERO, new TreeSet<>(), false);
  }

  /** What a look at a budget found. */
  public record Look(BudgetMeter meter, News news) {}

  /**
   * What people are told.
   *
   * @param reached thresholds reached since the last look
   */
  public record News(SortedSet<Threshold> reached, Growth growth) {}

  /** What became of new instances. */
  public enum Growth {
    AS_BEFORE,
    STOPPED,
    RESUMED
  }

  /**
   * Looks again. A threshold is told of once in a month: a forecast that falls and rises again is
   * no news. A new month begins with nothing told and nothing stopped.
   */
  public Look look(BudgetTerms terms, MonthSpend spend) {
    SortedSet<Threshold> before = spend.month().equals(month) ? told : new TreeSet<>();
    Rational expected = spend.forecast();
    SortedSet<Threshold> reached = terms.reached(spend.spent(), expected);
    reached.removeAll(before);
    var all = new TreeSet<>(before);
    all.addAll(reached);
    var after =
        new BudgetMeter(spend.month(), spend.spent(), expected, all, terms.stops(spend.spent()));
    return new Look(after, new News(reached, growth(after)));
  }

  /**
   * The same use under other terms. What they no longer reach can be told of again; what they newly
   * reach is told at the next look. Growth is stopped or goes on at once.
   */
  public BudgetMeter under(BudgetTerms terms) {
    var still = new TreeSet<>(told);
    still.retainAll(terms.reached(spent, forecast));
    return new BudgetMeter(month, spent, forecast, still, terms.stops(spent));
  }

  /** What the change to another meter means for new instances. */
  public Growth growth(BudgetMeter after) {
    if (stopped == after.stopped) {
      return Growth.AS_BEFORE;
    }
    return after.stopped ? Growth.STOPPED : Growth.RESUMED;
  }

  /**
   * The latest time for the next look if nothing happens until then: when spending on as now
   * reaches the next amount that matters, at the end of the month, or after {@code longest}.
   */
  public static Instant nextLook(BudgetTerms terms, MonthSpend spend, Duration longest) {
    Instant latest = earlier(spend.at().plus(longest), spend.month().end());
    Rational perMilli = spend.perMilli();
    if (perMilli.signum() <= 0) {
      return latest;
    }
    return amounts(terms)
        .mapToObj(terms::won)
        .filter(amount -> amount.compareTo(spend.spent()) > 0)
        .min(Rational::compareTo)
        .map(amount -> amount.subtract(spend.spent()).divide(perMilli))
        .filter(millis -> millis.compareTo(Rational.of(longest.toMillis())) < 0)
        .map(millis -> earlier(spend.at().plusMillis(millis.floorToLong() + 1), latest))
        .orElse(latest);
  }

  private static IntStream amounts(BudgetTerms terms) {
    IntStream told =
        terms.thresholds().stream()
            .filter(t -> t.basis() == Threshold.Basis.ACTUAL)
            .mapToInt(Threshold::percent);
    return IntStream.concat(
        told, Stream.ofNullable(terms.stopAtPercent()).mapToInt(Integer::intValue));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
