package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A price agreed with one customer in {@code [from, until)}; it replaces the list price and the
 * discounts of kind and segment. For an item (GPU model or MIG type) it holds in every purchase
 * class and region, and the class's percentage still counts; for a SKU it is final.
 */
public record ContractPrice(
    String id,
    @Nullable String item,
    @Nullable String sku,
    PriceUnit unit,
    Rational priceKrwPerHour,
    @Nullable Tiers tiers,
    Instant from,
    @Nullable Instant until) {

  private static final Rational HUNDRED = Rational.of(100);

  public ContractPrice {
    if ((item == null) == (sku == null)) {
      throw new IllegalArgumentException("a contract price names an item or a SKU");
    }
    if (until != null && !from.isBefore(until)) {
      throw new IllegalArgumentException("a contract price ends after it begins");
    }
  }

  boolean holdsAt(Instant at) {
    return !at.isBefore(from) && (until == null || at.isBefore(until));
  }

  boolean concerns(String otherSku) {
    return otherSku.equals(sku) || (item != null && otherSku.startsWith(item + "."));
  }

  /** This price for a SKU whose list price is {@code list}; null when it cannot be told. */
  @Nullable PriceVersion over(String otherSku, @Nullable PriceVersion list) {
    if (sku == null && list == null) {
      return null;
    }
    String purchaseClass = list == null ? Shape.purchaseClassOf(otherSku) : list.purchaseClass();
    return new PriceVersion(
        otherSku,
        id,
        unit,
        purchaseClass,
        priceKrwPerHour,
        sku != null || list == null ? HUNDRED : list.classPct(),
        from,
        tiers,
        true,
        list);
  }
}
