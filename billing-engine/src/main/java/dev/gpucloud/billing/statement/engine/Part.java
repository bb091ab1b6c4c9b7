package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.rating.engine.CreditEngine.Burn;
import dev.gpucloud.billing.rating.engine.Factor;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.contracts.money.Rational;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A share of a row's quantity that is charged in one way. What a commitment covers costs nothing by
 * itself ({@code coveredBy} names it): its fee is paid. {@code basePrice} is the price before the
 * factors: of the list, the contract, the tiers or the overage; a fixed one takes no tiers.
 */
public record Part(
    RatedRow row,
    Rational share,
    LineCategory category,
    @Nullable String coveredBy,
    Rational basePrice,
    List<Factor> factors,
    boolean isFixedPrice,
    List<Burn> burns) {

  /** By usage time; total, so that arrival order cannot matter. */
  static final Comparator<Part> BY_USAGE_TIME =
      Comparator.comparing(Part::row, RatedRow.BY_USAGE_TIME).thenComparing(Part::category);

  static Part of(RatedRow row) {
    return new Part(
        row,
        Rational.ONE,
        LineCategory.USAGE,
        null,
        row.price().listPriceKrwPerHour(),
        row.factors(),
        false,
        List.of());
  }

  Part covered(Rational ofIt, String by) {
    return new Part(
        row,
        share.multiply(ofIt),
        LineCategory.COMMITMENT_FEE,
        by,
        Rational.ZERO,
        List.of(),
        true,
        burns);
  }

  /**
   * The rest that a commitment did not cover; at its own price if it names one, of which a grant
   * still leaves the customer its share. The own price of a commitment before stays.
   */
  Part beyond(Rational ofIt, @Nullable Rational ownPrice) {
    return new Part(
        row,
        share.multiply(ofIt),
        LineCategory.OVERAGE,
        null,
        ownPrice == null ? basePrice : ownPrice,
        ownPrice == null ? factors : sharesAlone(),
        isFixedPrice || ownPrice != null,
        burns);
  }

  private List<Factor> sharesAlone() {
    return factors.stream().filter(f -> f.reason().equals(Factor.CUSTOMER_SHARE)).toList();
  }

  /** A share of it at its own price. */
  Part of(Rational ofIt) {
    return new Part(
        row, share.multiply(ofIt), category, coveredBy, basePrice, factors, isFixedPrice, burns);
  }

  /** A share of it of which the customer pays only a part, for the reason the factor names. */
  Part partly(Rational ofIt, Factor paid) {
    var all = new ArrayList<>(factors);
    all.add(paid);
    return new Part(
        row,
        share.multiply(ofIt),
        category,
        coveredBy,
        basePrice,
        List.copyOf(all),
        isFixedPrice,
        burns);
  }

  Part at(Rational price) {
    return new Part(row, share, category, coveredBy, price, factors, isFixedPrice, burns);
  }

  Part netted(List<Burn> of) {
    return new Part(row, share, category, coveredBy, basePrice, factors, isFixedPrice, of);
  }

  public boolean isCovered() {
    return coveredBy != null;
  }

  /** Units times hours. */
  public Rational quantityHours() {
    return row.quantityHours().multiply(share);
  }

  public Rational unitPriceKrwPerHour() {
    return factors.stream().map(Factor::multiplier).reduce(basePrice, Rational::multiply);
  }

  /** Exact won before credits. */
  public Rational amount() {
    return unitPriceKrwPerHour().multiply(quantityHours());
  }

  public Rational creditAmount() {
    return burns.stream().map(Burn::amount).reduce(Rational.ZERO, Rational::add);
  }

  /** Exact won that is left to bill. */
  public Rational netAmount() {
    return amount().subtract(creditAmount());
  }
}
