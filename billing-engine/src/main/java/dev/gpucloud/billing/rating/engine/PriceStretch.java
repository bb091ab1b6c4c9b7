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
 * @param factor product of all multipliers of the price
 */
public record PriceStretch(Instant start, @Nullable PriceVersion price, Rational factor) {

  /** The stretches that tile {@code [from, to)}, at least one. */
  public static List<PriceStretch> of(
      RateCard card, Timeline<Terms> terms, String sku, Instant from, Instant to) {
    NavigableSet<Instant> starts = new TreeSet<>(card.changesBetween(sku, terms, from, to));
    starts.add(from);
    List<PriceStretch> stretches = new ArrayList<>();
    for (Instant start : starts) {
      PriceVersion price = card.findPrice(sku, start);
      Rational factor = Rational.ONE;
      if (price != null) {
        for (Factor each : card.factors(price, terms.findAt(start), start)) {
          factor = factor.multiply(each.multiplier());
        }
      }
      stretches.add(new PriceStretch(start, price, factor));
    }
    return List.copyOf(stretches);
  }
}
