package dev.gpucloud.billing.document.focus;

import dev.gpucloud.billing.document.focus.Charge.CommitmentShare;
import dev.gpucloud.billing.document.focus.Charge.Pricing;
import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.contracts.money.Rational;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of the dataset: those of FOCUS first, in alphabetical order, then our own. A value is a
 * text, a decimal of 12 places or an instant, as its type says.
 */
record FocusColumn(
    String id, Type type, boolean isNullable, Function<Charge, @Nullable Object> value) {

  /** What stands in a column. */
  enum Type {
    TEXT,
    DECIMAL,
    INSTANT
  }

  private static final long MILLIS_PER_SECOND = 1000;

  static final List<FocusColumn> ALL =
      List.of(
          decimal("BilledCost", c -> c.costs().billed()),
          text("BillingAccountId", c -> c.invoice().accountId()),
          text("BillingAccountName", c -> c.invoice().recipient().name()),
          text("BillingAccountType", c -> "Legal Entity"),
          text("BillingCurrency", c -> "KRW"),
          instant("BillingPeriodEnd", c -> c.invoice().month().end()),
          instant("BillingPeriodStart", c -> c.invoice().month().start()),
          text("ChargeCategory", c -> c.category().label()),
          orNull("ChargeClass", c -> c.isCorrection() ? "Correction" : null),
          text("ChargeDescription", Charge::description),
          text("ChargeFrequency", c -> c.category().frequency()),
          instant("ChargePeriodEnd", Charge::end),
          instant("ChargePeriodStart", Charge::start),
          orNull("CommitmentDiscountCategory", c -> of(c.commitment(), CommitmentShare::category)),
          orNull("CommitmentDiscountId", c -> of(c.commitment(), CommitmentShare::id)),
          orNull("CommitmentDiscountName", c -> of(c.commitment(), CommitmentShare::name)),
          decimalOrNull(
              "CommitmentDiscountQuantity", c -> of(c.commitment(), CommitmentShare::quantity)),
          orNull("CommitmentDiscountStatus", c -> of(c.commitment(), CommitmentShare::status)),
          orNull("CommitmentDiscountType", FocusColumn::commitmentType),
          orNull("CommitmentDiscountUnit", c -> of(c.commitment(), CommitmentShare::unit)),
          decimalOrNull("ConsumedQuantity", FocusColumn::consumedSeconds),
          orNull("ConsumedUnit", FocusColumn::consumedUnit),
          decimal("ContractedCost", c -> c.costs().contracted()),
          decimalOrNull("ContractedUnitPrice", c -> of(c.pricing(), Pricing::contractedUnitPrice)),
          decimal("EffectiveCost", c -> c.costs().effective()),
          text("InvoiceId", c -> c.invoice().number()),
          text("InvoiceIssuerName", c -> c.invoice().supplier().name()),
          decimal("ListCost", c -> c.costs().list()),
          decimalOrNull("ListUnitPrice", c -> of(c.pricing(), Pricing::listUnitPrice)),
          orNull("PricingCategory", c -> of(c.pricing(), Pricing::category)),
          text("PricingCurrency", c -> "KRW"),
          decimalOrNull("PricingQuantity", c -> of(c.pricing(), Pricing::quantity)),
          orNull("PricingUnit", c -> of(c.pricing(), Pricing::unit)),
          text("ProviderName", c -> c.invoice().supplier().name()),
          text("PublisherName", c -> c.invoice().supplier().name()),
          orNull("RegionId", c -> of(c.pricing(), Pricing::region)),
          orNull("RegionName", c -> of(c.pricing(), Pricing::region)),
          orNull("ResourceId", FocusColumn::resourceId),
          orNull("ResourceName", FocusColumn::resourceName),
          orNull("ResourceType", FocusColumn::resourceType),
          text("ServiceCategory", c -> "Compute"),
          text("ServiceName", c -> "GPU Instances"),
          text("ServiceSubcategory", c -> "Virtual Machines"),
          orNull("SkuId", c -> of(c.pricing(), Pricing::skuId)),
          orNull("SkuMeter", c -> c.pricing() == null ? null : "GPU Time"),
          orNull("SkuPriceDetails", FocusColumn::priceDetails),
          orNull("SkuPriceId", c -> of(c.pricing(), Pricing::skuPriceId)),
          orNull("SubAccountId", c -> of(c.project(), Project::id)),
          orNull("SubAccountName", c -> of(c.project(), Project::name)),
          orNull("SubAccountType", c -> c.project() == null ? null : "Project"),
          text("x_BilledCostFraction", c -> c.costs().billed().toString()),
          text("x_ChargeId", Charge::id),
          orNull("x_CorrectsChargeId", Charge::corrects),
          orNull("x_CostCenter", c -> of(c.usage(), ExactRow::costCenter)),
          orNull("x_PriceVersionId", c -> of(c.pricing(), Pricing::priceVersion)),
          decimalOrNull(
              "x_SupplyValueKrw",
              c -> c.category() == ChargeCategory.TAX ? null : c.costs().billed()),
          orNull("x_UsageIntervalId", c -> of(c.usage(), ExactRow::usageIntervalId)));

  private static <T, V> @Nullable V of(@Nullable T from, Function<T, @Nullable V> value) {
    return from == null ? null : value.apply(from);
  }

  private static FocusColumn text(String id, Function<Charge, String> value) {
    return new FocusColumn(id, Type.TEXT, false, value::apply);
  }

  private static FocusColumn orNull(String id, Function<Charge, @Nullable String> value) {
    return new FocusColumn(id, Type.TEXT, true, value::apply);
  }

  private static FocusColumn instant(String id, Function<Charge, Instant> value) {
    return new FocusColumn(id, Type.INSTANT, false, value::apply);
  }

  private static FocusColumn decimal(String id, Function<Charge, Rational> value) {
    return new FocusColumn(id, Type.DECIMAL, false, c -> decimal12(value.apply(c)));
  }

  private static FocusColumn decimalOrNull(String id, Function<Charge, @Nullable Rational> value) {
    return new FocusColumn(id, Type.DECIMAL, true, c -> of(value.apply(c), FocusColumn::decimal12));
  }

  private static BigDecimal decimal12(Rational value) {
    return new BigDecimal(value.toDecimal12());
  }

  private static @Nullable String commitmentType(Charge charge) {
    CommitmentShare share = charge.commitment();
    return share == null ? null : share.category() + " Commitment";
  }

  private static @Nullable Rational consumedSeconds(Charge charge) {
    ExactRow row = charge.consumed();
    return row == null
        ? null
        : Rational.of(row.units(), MILLIS_PER_SECOND).multiply(row.billedMillis());
  }

  private static @Nullable String consumedUnit(Charge charge) {
    Pricing pricing = charge.pricing();
    return charge.consumed() == null || pricing == null || pricing.unit() == null
        ? null
        : pricing.unit().replace("-Hours", "-Seconds");
  }

  /** A commitment is the resource of what is bought of it and of what is not used of it. */
  private static @Nullable String resourceId(Charge charge) {
    ExactRow row = charge.usage();
    return row == null ? of(charge.commitment(), CommitmentShare::id) : row.instance().id();
  }

  private static @Nullable String resourceName(Charge charge) {
    ExactRow row = charge.usage();
    return row == null ? of(charge.commitment(), CommitmentShare::name) : row.instance().name();
  }

  private static @Nullable String resourceType(Charge charge) {
    if (charge.usage() == null && charge.commitment() == null) {
      return null;
    }
    return charge.usage() == null ? "Commitment" : "GPU Instance";
  }

  private static @Nullable String priceDetails(Charge charge) {
    ExactRow row = charge.usage();
    return row == null || charge.pricing() == null
        ? null
        : "{\"x_InstanceType\":\"" + escaped(row.instance().type()) + "\"}";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
