package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All prices and discounts there ever were; answers what held for whom at an instant. */
public final class RateCard {
  private static final Rational HUNDRED = Rational.of(100);

  private final Map<String, Timeline<PriceVersion>> pricesBySku;
  private final Map<DiscountKey, Timeline<Discount>> discounts;

  private record DiscountKey(Discount.Scope scope, String name) {}

  private RateCard(
      Map<String, Timeline<PriceVersion>> pricesBySku,
      Map<DiscountKey, Timeline<Discount>> discounts) {
    this.pricesBySku = pricesBySku;
    this.discounts = discounts;
  }

  public static RateCard of(Collection<PriceVersion> prices, Collection<Discount> discounts) {
    var bySku = new HashMap<String, List<PriceVersion>>();
    prices.forEach(p -> bySku.computeIfAbsent(p.sku(), k -> new ArrayList<>()).add(p));
    var byName = new HashMap<DiscountKey, List<Discount>>();
    discounts.forEach(
        d ->
            byName
                .computeIfAbsent(new DiscountKey(d.scope(), d.name()), k -> new ArrayList<>())
                .add(d));
    var priceLines = new HashMap<String, Timeline<PriceVersion>>();
    bySku.forEach((k, v) -> priceLines.put(k, Timeline.of(v, PriceVersion::effectiveFrom)));
    var discountLines = new HashMap<DiscountKey, Timeline<Discount>>();
    byName.forEach((k, v) -> discountLines.put(k, Timeline.of(v, Discount::effectiveFrom)));
    return new RateCard(Map.copyOf(priceLines), Map.copyOf(discountLines));
  }

  /** The price of the SKU then, or null when it had none. */
  @Nullable PriceVersion findPrice(String sku, Instant at) {
    return pricesBySku.getOrDefault(sku, Timeline.empty()).findAt(at);
  }

  /** Every instant strictly within the two at which the tenant's price of the SKU may change. */
  NavigableSet<Instant> changesBetween(
      String sku, Timeline<Terms> terms, Instant from, Instant to) {
    var cuts = new TreeSet<>(terms.changesBetween(from, to));
    cuts.addAll(pricesBySku.getOrDefault(sku, Timeline.empty()).changesBetween(from, to));
    discounts.values().forEach(d -> cuts.addAll(d.changesBetween(from, to)));
    for (Terms t : terms.all()) {
      Instant ends = t.shareEndsAt();
      if (ends != null && ends.isAfter(from) && ends.isBefore(to)) {
        cuts.add(ends);
      }
    }
    return cuts;
  }

  /**
   * The multipliers of a list price, in the order of the rules: purchase class, kind, segment, and
   * the customer's share of a grant last.
   */
  List<Factor> factors(PriceVersion price, @Nullable Terms terms, Instant at) {
    var factors = new ArrayList<Factor>();
    add(factors, "purchase class " + price.purchaseClass(), price.classPct());
    if (terms != null) {
      addDiscount(factors, Discount.Scope.KIND, terms.kind(), at);
      addDiscount(factors, Discount.Scope.SEGMENT, terms.segment(), at);
      if (terms.shareHoldsAt(at)) {
        add(factors, "customer share", terms.customerSharePct());
      }
    }
    return List.copyOf(factors);
  }

  private void addDiscount(
      List<Factor> factors, Discount.Scope scope, @Nullable String name, Instant at) {
    if (name == null) {
      return;
    }
    var line = discounts.get(new DiscountKey(scope, name));
    Discount discount = line == null ? null : line.findAt(at);
    if (discount != null) {
      String reason = scope == Discount.Scope.KIND ? "kind " : "segment ";
      add(factors, reason + name, HUNDRED.subtract(discount.pct()));
    }
  }

  private static void add(List<Factor> factors, String reason, @Nullable Rational pct) {
    if (pct != null && !pct.equals(HUNDRED)) {
      factors.add(new Factor(reason, pct.divide(HUNDRED)));
    }
  }
}
