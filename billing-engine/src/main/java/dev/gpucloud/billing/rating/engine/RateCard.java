package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All prices and discounts there ever were; answers what held for whom at an instant. */
public final class RateCard {
  private static final Rational HUNDRED = Rational.of(100);
  private static final Comparator<ContractPrice> NEAREST =
      Comparator.<ContractPrice, Boolean>comparing(c -> c.sku() == null)
          .thenComparing(ContractPrice::from, Comparator.reverseOrder())
          .thenComparing(ContractPrice::id);

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

  /**
   * The same card as a customer with these contracts sees it. Of contracts that hold at once for a
   * SKU, the one that names it goes before one for its item, then the one that began last.
   */
  public RateCard with(Collection<ContractPrice> contracts) {
    if (contracts.isEmpty()) {
      return this;
    }
    var skus = new TreeSet<>(pricesBySku.keySet());
    contracts.stream().map(ContractPrice::sku).filter(Objects::nonNull).forEach(skus::add);
    var agreed = new HashMap<>(pricesBySku);
    for (String sku : skus) {
      List<ContractPrice> theirs =
          contracts.stream().filter(c -> c.concerns(sku)).sorted(NEAREST).toList();
      if (!theirs.isEmpty()) {
        agreed.put(sku, agreed(sku, theirs));
      }
    }
    return new RateCard(Map.copyOf(agreed), discounts);
  }

  private Timeline<PriceVersion> agreed(String sku, List<ContractPrice> contracts) {
    Timeline<PriceVersion> list = pricesBySku.getOrDefault(sku, Timeline.empty());
    var instants = new TreeSet<Instant>();
    list.all().forEach(p -> instants.add(p.effectiveFrom()));
    for (ContractPrice contract : contracts) {
      instants.add(contract.from());
      if (contract.until() != null) {
        instants.add(contract.until());
      }
    }
    return Timeline.from(
        instants,
        at -> {
          PriceVersion listed = list.findAt(at);
          for (ContractPrice contract : contracts) {
            PriceVersion price = contract.holdsAt(at) ? contract.over(sku, listed) : null;
            if (price != null) {
              return price;
            }
          }
          return listed;
        });
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
   * The multipliers of a price, in the order of the rules: purchase class, kind and segment (not
   * for a contract's price), and the customer's share of a grant last.
   */
  List<Factor> factors(PriceVersion price, @Nullable Terms terms, Instant at) {
    var factors = new ArrayList<Factor>();
    add(factors, "purchase class " + price.purchaseClass(), price.classPct());
    if (terms != null) {
      if (!price.isContract()) {
        addDiscount(factors, Discount.Scope.KIND, terms.kind(), at);
        addDiscount(factors, Discount.Scope.SEGMENT, terms.segment(), at);
      }
      if (terms.shareHoldsAt(at)) {
        add(factors, Factor.CUSTOMER_SHARE, terms.customerSharePct());
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
