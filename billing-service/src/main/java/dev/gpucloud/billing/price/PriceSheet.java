package dev.gpucloud.billing.price;

import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.contracts.money.Rational;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A price book as imported and found valid: every price and discount it states, flat. */
record PriceSheet(
    Instant effectiveFrom,
    List<Price> prices,
    List<DiscountPct> discounts,
    @Nullable Operator operator) {

  /**
   * The price of one SKU; {@code pointer} is where in the document it comes from. With tiers the
   * list price is that of the first band.
   */
  record Price(
      String pointer,
      String sku,
      String item,
      String gpuModel,
      @Nullable String instanceType,
      @Nullable String migProfile,
      String region,
      String purchaseClass,
      PriceUnit unit,
      BigDecimal listPriceKrw,
      @Nullable Tiers tiers,
      BigDecimal classPct) {

    PriceVersion version(String name, Instant from) {
      return new PriceVersion(
          sku,
          name,
          unit,
          purchaseClass,
          Rational.of(listPriceKrw),
          Rational.of(classPct),
          from,
          tiers,
          false);
    }
  }

  /** A discount of a kind or segment. */
  record DiscountPct(String pointer, Discount.Scope scope, String name, BigDecimal pct) {}

  /** The legal entity that sells. */
  record Operator(
      String name,
      String businessNumber,
      @Nullable String ceo,
      @Nullable String address,
      @Nullable String businessType,
      @Nullable String businessItem) {}
}
