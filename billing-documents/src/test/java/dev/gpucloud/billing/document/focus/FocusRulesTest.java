package dev.gpucloud.billing.document.focus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The rules of FOCUS 1.2 for the columns that are written, each a test that is called after it. */
class FocusRulesTest {
  private static final List<String> COLUMNS =
      FocusColumn.ALL.stream().map(FocusColumn::id).toList();
  private static final Set<String> CATEGORIES =
      Set.of("Usage", "Purchase", "Tax", "Credit", "Adjustment");
  private static final List<String> NEVER_NULL =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingAccountType",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeDescription",
          "ChargeFrequency",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceId",
          "InvoiceIssuerName",
          "ListCost",
          "PricingCurrency",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName",
          "ServiceSubcategory");
  private static final List<String> MANDATORY =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName");

  private final List<DynamicTest> tests = new ArrayList<>();

  /** A row by column. */
  private record Row(Map<String, String> values) {
    String text(String column) {
      return values.get(column);
    }

    boolean isNull(String column) {
      return values.get(column) == null;
    }

    boolean is(String column, String value) {
      return value.equals(values.get(column));
    }

    BigDecimal number(String column) {
      return new BigDecimal(Objects.requireNonNull(values.get(column), column));
    }

    boolean isUsageOrPurchase() {
      return is("ChargeCategory", "Usage") || is("ChargeCategory", "Purchase");
    }

    boolean isCorrection() {
      return is("ChargeClass", "Correction");
    }
  }

  @TestFactory
  Stream<DynamicTest> rulesOfEveryKindOfRow() {
    return rules("", Datasets.everyKind(false));
  }

  @TestFactory
  Stream<DynamicTest> rulesWhenPricesIncludeVat() {
    return rules(" (prices include VAT)", Datasets.everyKind(true));
  }

  private Stream<DynamicTest> rules(String suffix, IssuedInvoice invoice) {
    tests.clear();
    List<Row> rows = Datasets.read(invoice).stream().map(Row::new).toList();
    names();
    formats(rows);
    MANDATORY.forEach(c -> rule(c + " is present", () -> assertThat(COLUMNS).contains(c)));
    NEVER_NULL.forEach(c -> every(rows, c + " is never null", r -> !r.isNull(c)));
    categories(rows);
    costs(rows, invoice);
    prices(rows);
    quantities(rows);
    skus(rows);
    commitments(rows);
    periods(rows);
    accountsAndResources(rows);
    return List.copyOf(tests).stream()
        .map(t -> DynamicTest.dynamicTest(t.getDisplayName() + suffix, t.getExecutable()));
  }

  private void rule(String name, Executable test) {
    tests.add(DynamicTest.dynamicTest(name, test));
  }

  private void every(List<Row> rows, String name, Predicate<Row> holds) {
    rule(name, () -> assertThat(rows).isNotEmpty().allMatch(holds));
  }

  /** The rule speaks of some rows; there must be such rows, or it proves nothing. */
  private void when(List<Row> rows, String name, Predicate<Row> of, Predicate<Row> holds) {
    rule(name, () -> assertThat(rows.stream().filter(of)).isNotEmpty().allMatch(holds));
  }

  private void names() {
    rule(
        "Column ids of FOCUS are Pascal case, alphanumeric, of at most 50 characters",
        () ->
            assertThat(COLUMNS.stream().filter(c -> !c.startsWith("x_")))
                .allMatch(c -> c.matches("[A-Z][A-Za-z0-9]{0,49}")));
    rule(
        "Columns of our own have the prefix x_ and come after those of FOCUS",
        () -> {
          int first = COLUMNS.indexOf("x_BilledCostFraction");
          assertThat(COLUMNS.subList(0, first)).noneMatch(c -> c.startsWith("x_"));
          assertThat(COLUMNS.subList(first, COLUMNS.size())).allMatch(c -> c.startsWith("x_"));
        });
    rule("Columns are in alphabetical order", () -> assertThat(COLUMNS).isSorted());
  }

  private void formats(List<Row> rows) {
    for (FocusColumn column : FocusColumn.ALL) {
      switch (column.type()) {
        case DECIMAL ->
            every(
                rows,
                column.id() + " is one plain number of at most 12 decimals",
                r ->
                    r.isNull(column.id())
                        || r.text(column.id()).matches("-?[0-9]+(\\.[0-9]{1,12})?"));
        case INSTANT ->
            every(
                rows,
                column.id() + " is an ISO 8601 instant in UTC",
                r ->
                    r.text(column.id()).endsWith("Z")
                        && Instant.parse(r.text(column.id())) != null);
        case TEXT ->
            every(
                rows,
                column.id() + " is never blank or a placeholder",
                r -> r.isNull(column.id()) || !r.text(column.id()).isBlank());
      }
    }
    every(rows, "BillingCurrency is an ISO 4217 code", r -> r.is("BillingCurrency", "KRW"));
    every(rows, "PricingCurrency is an ISO 4217 code", r -> r.is("PricingCurrency", "KRW"));
    when(
        rows,
        "SkuPriceDetails is a flat JSON object whose own keys begin with x_",
        r -> !r.isNull("SkuPriceDetails"),
        r -> r.text("SkuPriceDetails").matches("\\{\"x_[A-Za-z]+\":\"[^{}\\[\\]]*\"}"));
  }

  private void categories(List<Row> rows) {
    every(
        rows,
        "ChargeCategory is one of the allowed values",
        r -> CATEGORIES.contains(r.text("ChargeCategory")));
    rule(
        "Every allowed ChargeCategory occurs",
        () -> assertThat(rows.stream().map(r -> r.text("ChargeCategory"))).containsAll(CATEGORIES));
    every(
        rows,
        "ChargeClass is Correction or null",
        r -> r.isNull("ChargeClass") || r.isCorrection());
    when(
        rows,
        "ChargeClass is Correction where an invoiced month is corrected",
        r -> !r.isNull("x_CorrectsChargeId"),
        Row::isCorrection);
    when(
        rows,
        "ChargeClass is null where nothing is corrected",
        r -> r.isNull("x_CorrectsChargeId"),
        r -> r.isNull("ChargeClass"));
    every(
        rows,
        "ChargeFrequency is one of the allowed values",
        r -> Set.of("One-Time", "Recurring", "Usage-Based").contains(r.text("ChargeFrequency")));
    when(
        rows,
        "ChargeFrequency is not Usage-Based for a Purchase",
        r -> r.is("ChargeCategory", "Purchase"),
        r -> !r.is("ChargeFrequency", "Usage-Based"));
    every(
        rows,
        "ServiceCategory is one of the allowed values",
        r -> r.is("ServiceCategory", "Compute"));
    every(
        rows,
        "ServiceSubcategory belongs to its ServiceCategory",
        r -> r.is("ServiceSubcategory", "Virtual Machines"));
  }

  private void costs(List<Row> rows, IssuedInvoice invoice) {
    rule(
        "BilledCost of an InvoiceId sums to the invoice's total, to the last decimal",
        () -> {
          assertThat(rows).allMatch(r -> r.is("InvoiceId", invoice.number()));
          assertThat(sum(rows, "BilledCost"))
              .isEqualByComparingTo(BigDecimal.valueOf(invoice.total().amount()));
        });
    rule(
        "x_SupplyValueKrw sums to the invoice's supply value",
        () ->
            assertThat(sum(rows, "x_SupplyValueKrw"))
                .isEqualByComparingTo(BigDecimal.valueOf(invoice.supplyValue().amount())));
    when(
        rows,
        "EffectiveCost is 0 for a Purchase that covers later usage",
        r -> r.is("ChargeCategory", "Purchase") && !r.isNull("CommitmentDiscountId"),
        r -> r.number("EffectiveCost").signum() == 0);
    for (String cost : List.of("EffectiveCost", "ListCost", "ContractedCost")) {
      when(
          rows,
          cost + " of a charge of its own, such as a Credit, is its BilledCost",
          r -> r.is("ChargeCategory", "Credit") || r.is("ChargeCategory", "Adjustment"),
          r -> r.number(cost).compareTo(r.number("BilledCost")) == 0);
      when(
          rows,
          cost + " of Tax follows from the " + cost + " that is taxed",
          r -> r.is("ChargeCategory", "Tax"),
          r -> isTenth(r.number(cost), taxed(rows, cost)));
    }
    rule(
        "EffectiveCost of a commitment's Usage is the BilledCost of its Purchase",
        () ->
            assertThat(
                    sum(rows, "EffectiveCost", r -> isOf(r, "com-1", "Usage"))
                        .subtract(sum(rows, "BilledCost", r -> isOf(r, "com-1", "Purchase"))))
                .isBetween(new BigDecimal("-0.00001"), new BigDecimal("0.00001")));
    rule(
        "EffectiveCost of a commitment's Usage is what was used and what was not",
        () ->
            assertThat(sum(rows, "EffectiveCost", r -> isOf(r, "com-1", "Usage")))
                .isEqualByComparingTo(
                    sum(rows, "EffectiveCost", r -> r.is("CommitmentDiscountStatus", "Used"))
                        .add(
                            sum(
                                rows,
                                "EffectiveCost",
                                r -> r.is("CommitmentDiscountStatus", "Unused")))));
    when(
        rows,
        "BilledCost is 0 where a commitment covers the charge",
        r -> !r.isNull("CommitmentDiscountStatus"),
        r -> r.number("BilledCost").signum() == 0);
  }

  private void prices(List<Row> rows) {
    Map.of("ListUnitPrice", "ListCost", "ContractedUnitPrice", "ContractedCost")
        .forEach(
            (price, cost) -> {
              nullOfTaxAndSetOfUsage(rows, price);
              when(
                  rows,
                  price + " is not negative",
                  r -> !r.isNull(price),
                  r -> r.number(price).signum() >= 0);
              when(
                  rows,
                  price + " times PricingQuantity is " + cost,
                  r -> !r.isNull(price) && !r.isNull("PricingQuantity") && !r.isCorrection(),
                  r ->
                      isNear(
                          r.number(price).multiply(r.number("PricingQuantity")), r.number(cost)));
            });
    nullOfTaxAndSetOfUsage(rows, "PricingCategory");
    when(
        rows,
        "PricingCategory is one of the allowed values",
        r -> !r.isNull("PricingCategory"),
        r ->
            Set.of("Standard", "Dynamic", "Committed", "Other")
                .contains(r.text("PricingCategory")));
    when(
        rows,
        "PricingCategory is Committed where a commitment covers the charge",
        r -> !r.isNull("CommitmentDiscountStatus"),
        r -> r.is("PricingCategory", "Committed"));
    when(
        rows,
        "PricingCategory is Dynamic where the price may change at any time",
        r -> r.is("SkuPriceId", "H100.preemptible.kr-central"),
        r -> r.is("PricingCategory", "Dynamic"));
  }

  private void quantities(List<Row> rows) {
    nullOfTaxAndSetOfUsage(rows, "PricingQuantity");
    every(
        rows,
        "PricingUnit is null exactly where PricingQuantity is",
        r -> r.isNull("PricingUnit") == r.isNull("PricingQuantity"));
    when(
        rows,
        "PricingUnit is written as the unit format has it",
        r -> !r.isNull("PricingUnit"),
        r -> Set.of("GPU-Hours", "Instance-Hours", "Months").contains(r.text("PricingUnit")));
    when(
        rows,
        "ConsumedQuantity is null where ChargeCategory is not Usage",
        r -> !r.is("ChargeCategory", "Usage"),
        r -> r.isNull("ConsumedQuantity"));
    when(
        rows,
        "ConsumedQuantity is null where a commitment is unused",
        r -> r.is("CommitmentDiscountStatus", "Unused"),
        r -> r.isNull("ConsumedQuantity"));
    when(
        rows,
        "ConsumedQuantity is set for other Usage that is no correction",
        r ->
            r.is("ChargeCategory", "Usage")
                && !r.is("CommitmentDiscountStatus", "Unused")
                && !r.isCorrection(),
        r -> r.number("ConsumedQuantity").signum() > 0);
    every(
        rows,
        "ConsumedUnit is null exactly where ConsumedQuantity is",
        r -> r.isNull("ConsumedUnit") == r.isNull("ConsumedQuantity"));
  }

  private void skus(List<Row> rows) {
    nullOfTaxAndSetOfUsage(rows, "SkuId");
    nullOfTaxAndSetOfUsage(rows, "SkuPriceId");
    rule(
        "SkuPriceId has one SkuId as its parent",
        () -> {
          var parents = new HashMap<String, String>();
          rows.stream()
              .filter(r -> !r.isNull("SkuPriceId"))
              .forEach(
                  r -> {
                    String other = parents.put(r.text("SkuPriceId"), r.text("SkuId"));
                    assertThat(other).isIn(null, r.text("SkuId"));
                  });
          assertThat(parents).isNotEmpty();
        });
    rule(
        "SkuId is the same across PricingCategory values",
        () ->
            assertThat(
                    rows.stream()
                        .filter(r -> !r.isNull("SkuId") && r.text("SkuId").startsWith("H100"))
                        .map(r -> r.text("SkuId"))
                        .distinct())
                .containsExactly("H100.kr-central"));
    every(
        rows,
        "SkuMeter is null exactly where SkuId is",
        r -> r.isNull("SkuMeter") == r.isNull("SkuId"));
    when(
        rows,
        "SkuPriceDetails is null where SkuPriceId is",
        r -> r.isNull("SkuPriceId"),
        r -> r.isNull("SkuPriceDetails"));
  }

  private void commitments(List<Row> rows) {
    String id = "CommitmentDiscountId";
    when(
        rows,
        id + " is set where a commitment plays a part",
        this::isCommitted,
        r -> !r.isNull(id));
    when(
        rows,
        id + " is null where no commitment plays a part",
        r -> r.is("ChargeCategory", "Credit") || r.is("ChargeCategory", "Tax"),
        r -> r.isNull(id));
    for (String column : List.of("CommitmentDiscountCategory", "CommitmentDiscountType")) {
      every(
          rows,
          column + " is null exactly where CommitmentDiscountId is",
          r -> r.isNull(column) == r.isNull(id));
    }
    when(
        rows,
        "CommitmentDiscountCategory is one of the allowed values",
        r -> !r.isNull(id),
        r -> Set.of("Spend", "Usage").contains(r.text("CommitmentDiscountCategory")));
    when(
        rows,
        "CommitmentDiscountStatus is null without a commitment",
        r -> r.isNull(id),
        r -> r.isNull("CommitmentDiscountStatus"));
    when(
        rows,
        "CommitmentDiscountStatus is Used or Unused for Usage of a commitment",
        r -> !r.isNull(id) && r.is("ChargeCategory", "Usage"),
        r -> Set.of("Used", "Unused").contains(r.text("CommitmentDiscountStatus")));
    when(
        rows,
        "CommitmentDiscountQuantity is set for Usage and Purchase of a commitment",
        r -> !r.isNull(id) && r.isUsageOrPurchase() && !r.isCorrection(),
        r -> !r.isNull("CommitmentDiscountQuantity"));
    when(
        rows,
        "CommitmentDiscountQuantity is null in all other cases",
        r -> r.isNull(id) || !r.isUsageOrPurchase(),
        r -> r.isNull("CommitmentDiscountQuantity"));
    every(
        rows,
        "CommitmentDiscountUnit is null exactly where CommitmentDiscountQuantity is",
        r -> r.isNull("CommitmentDiscountUnit") == r.isNull("CommitmentDiscountQuantity"));
    when(
        rows,
        "An unused commitment is a row of Usage whose ResourceId is the commitment",
        r -> r.is("CommitmentDiscountStatus", "Unused"),
        r ->
            r.is("ChargeCategory", "Usage")
                && r.is("ResourceId", r.text(id))
                && r.number("CommitmentDiscountQuantity").compareTo(new BigDecimal(14)) == 0);
    when(
        rows,
        "ResourceId of a commitment's Purchase is the commitment",
        r -> !r.isNull(id) && r.is("ChargeCategory", "Purchase"),
        r -> r.is("ResourceId", r.text(id)));
    when(
        rows,
        "ResourceId of used commitment is what used it",
        r -> r.is("CommitmentDiscountStatus", "Used"),
        r -> r.text("ResourceId").startsWith("ins_"));
  }

  private boolean isCommitted(Row row) {
    return row.is("PricingCategory", "Committed");
  }

  private void periods(List<Row> rows) {
    every(
        rows,
        "BillingPeriodStart and BillingPeriodEnd bound the Seoul month, half-open",
        r ->
            r.is("BillingPeriodStart", "2026-08-31T15:00:00Z")
                && r.is("BillingPeriodEnd", "2026-09-30T15:00:00Z"));
    every(
        rows,
        "ChargePeriodStart is before ChargePeriodEnd",
        r ->
            Instant.parse(r.text("ChargePeriodStart"))
                .isBefore(Instant.parse(r.text("ChargePeriodEnd"))));
    when(
        rows,
        "ChargePeriod of a correction is the month that it corrects",
        Row::isCorrection,
        r -> r.is("ChargePeriodEnd", "2026-08-31T15:00:00Z"));
  }

  private void accountsAndResources(List<Row> rows) {
    when(
        rows,
        "SubAccountId is set for what a project used",
        r -> r.is("ChargeDescription", "Overage"),
        r -> r.text("SubAccountId").startsWith("prj_"));
    when(
        rows,
        "SubAccountId is null where a charge belongs to no project",
        r -> r.is("ChargeCategory", "Tax") || r.is("ChargeCategory", "Purchase"),
        r -> r.isNull("SubAccountId"));
    every(
        rows,
        "SubAccountType is null exactly where SubAccountId is",
        r -> r.isNull("SubAccountType") == r.isNull("SubAccountId"));
    every(
        rows,
        "ResourceType is null exactly where ResourceId is",
        r -> r.isNull("ResourceType") == r.isNull("ResourceId"));
    when(
        rows,
        "ResourceName is set for an instance and is not its id",
        r -> !r.isNull("ResourceId"),
        r -> !r.isNull("ResourceName") && !r.text("ResourceName").equals(r.text("ResourceId")));
    when(
        rows,
        "RegionId is set where something ran",
        r -> !r.isNull("ConsumedQuantity"),
        r -> r.is("RegionId", "kr-central"));
    rule(
        "Every row has an id of its own",
        () -> assertThat(rows.stream().map(r -> r.text("x_ChargeId"))).doesNotHaveDuplicates());
    when(
        rows,
        "What ran names its usage interval, price version and cost centre",
        r -> !r.isNull("ConsumedQuantity"),
        r ->
            r.text("x_UsageIntervalId").startsWith("run_")
                && r.is("x_PriceVersionId", "v7")
                && r.text("x_CostCenter").startsWith("cc-"));
  }

  private void nullOfTaxAndSetOfUsage(List<Row> rows, String column) {
    when(
        rows,
        column + " is null for Tax",
        r -> r.is("ChargeCategory", "Tax"),
        r -> r.isNull(column));
    when(
        rows,
        column + " is set for Usage and Purchase that are no correction",
        r -> r.isUsageOrPurchase() && !r.isCorrection(),
        r -> !r.isNull(column));
  }

  private static boolean isOf(Row row, String commitment, String category) {
    return row.is("CommitmentDiscountId", commitment) && row.is("ChargeCategory", category);
  }

  /** What a commitment covers is taxed once: with its Purchase, or as what it is worth in use. */
  private static BigDecimal taxed(List<Row> rows, String cost) {
    return sum(
        rows,
        cost,
        r ->
            !r.is("ChargeCategory", "Tax")
                && (cost.equals("EffectiveCost") || r.isNull("CommitmentDiscountStatus")));
  }

  /** The VAT of a document that includes it is the rest, and so up to a won more than a tenth. */
  private static boolean isTenth(BigDecimal tax, BigDecimal of) {
    return tax.subtract(of.multiply(new BigDecimal("0.1"))).abs().compareTo(BigDecimal.ONE) <= 0;
  }

  private static boolean isNear(BigDecimal a, BigDecimal b) {
    return a.subtract(b).abs().compareTo(new BigDecimal("0.00001")) <= 0;
  }

  private static BigDecimal sum(List<Row> rows, String column) {
    return sum(rows, column, r -> true);
  }

  private static BigDecimal sum(List<Row> rows, String column, Predicate<Row> of) {
    return rows.stream()
        .filter(of)
        .filter(r -> !r.isNull(column))
        .map(r -> r.number(column))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
