package dev.gpucloud.billing.spend.engine;

import dev.gpucloud.contracts.money.Rational;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent in each Seoul calendar month, when people are told, and when growth stops.
 *
 * @param amountKrw whole won above 0
 * @param stopAtPercent per cent of the amount at which nothing new may start; null for never
 */
public record BudgetTerms(
    long amountKrw, SortedSet<Threshold> thresholds, @Nullable Integer stopAtPercent) {
  private static final int ALL = 100;

  public BudgetTerms {
    thresholds = new TreeSet<>(thresholds);
    if (amountKrw < 1) {
      throw new IllegalArgumentException("expected won above 0");
    }
  }

  /** The thresholds that this much spent and forecast reaches. */
  public SortedSet<Threshold> reached(Rational spent, Rational forecast) {
    return thresholds.stream()
        .filter(t -> reaches(t.basis() == Threshold.Basis.ACTUAL ? spent : forecast, t.percent()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether nothing new may start once this much is spent. */
  public boolean stops(Rational spent) {
    return stopAtPercent != null && reaches(spent, stopAtPercent);
  }

  private boolean reaches(Rational won, int percent) {
    return won.compareTo(won(percent)) >= 0;
  }

  /** So many per cent of the amount. */
  Rational won(int percent) {
    return Rational.of(amountKrw).multiply(Rational.of(percent, ALL));
  }
}
