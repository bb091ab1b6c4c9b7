package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time over which a tenant's price of a SKU does not change.
 *
 * @param start where it begins; it ends where the next one begins
 * @param price in force, or null when there is none
 * @param factors the multipliers of the price, in the order of the rules
 * @param factor product of all of them
 */
public record PriceStretch(
    Instant start, @Nullable PriceVersion price, List<Factor> factors, Rational factor) {

  /** Won per unit and hour before tiers; null without a price. */
  public @Nullable Rational unitPriceKrwPerHour() {
    return price == null ? null : price.listPriceKrwPerHour().multiply(factor);
  }

  /** The one of several, in order, that holds then; the first before all of them. */
  public static int indexAt(List<PriceStretch> stretches, Instant at) {
    int i = stretches.size() - 1;
    while (i > 0 && at.isBefore(stretches.get(i).start())) {
      i--;
    }
    return i;
  }

  /** The stretches that tile {@code [from, to)}, at least one. */
  public static List<PriceStretch> of(
      RateCard card, Timeline<Terms> terms, String sku, Instant from, Instant to) {
    NavigableSet<Instant> starts = new TreeSet<>(card.changesBetween(sku, terms, from, to));
    starts.add(from);
    List<PriceStretch> stretches = new ArrayList<>();
    for (Instant start : starts) {
      PriceVersion price = card.findPrice(sku, start);
      List<Factor> factors =
          price == null ? List.of() : card.factors(price, terms.findAt(start), start);
      Rational factor =
          factors.stream().map(Factor::multiplier).reduce(Rational.ONE, Rational::multiply);
      stretches.add(new PriceStretch(start, price, factors, factor));
    }
    return List.copyOf(stretches);
  }
}
