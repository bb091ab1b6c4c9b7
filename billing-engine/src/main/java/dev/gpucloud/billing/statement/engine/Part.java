package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.rating.engine.CreditEngine.Burn;
import dev.gpucloud.billing.rating.engine.Factor;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.contracts.money.Rational;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A share of a row's quantity that is charged in one way. What a commitment covers costs nothing by
 * itself: its fee is paid. {@code commitment} covers it or asks its own price for it, which takes
 * no tiers; null for what is charged as usual. {@code basePrice} is the price before the factors:
 * of the list, the contract, the tiers or the overage.
 */
public record Part(
    RatedRow row,
    Rational share,
    LineCategory category,
    @Nullable String commitment,
    Rational basePrice,
    List<Factor> factors,
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
        burns);
  }

  /**
   * The rest that a commitment did not cover; at its own price if it names one, of which a grant
   * still leaves the customer its share. The own price of a commitment before stays.
   */
  Part beyond(Rational ofIt, UsageCommitment of) {
    Rational ownPrice = of.overagePriceKrwPerHour();
    return new Part(
        row,
        share.multiply(ofIt),
        LineCategory.OVERAGE,
        ownPrice == null ? commitment : of.id(),
        ownPrice == null ? basePrice : ownPrice,
        ownPrice == null ? factors : sharesAlone(),
        burns);
  }

  private List<Factor> sharesAlone() {
    return factors.stream().filter(f -> f.reason().equals(Factor.CUSTOMER_SHARE)).toList();
  }

  /** A share of it at its own price. */
  Part of(Rational ofIt) {
    return new Part(row, share.multiply(ofIt), category, commitment, basePrice, factors, burns);
  }

  /** A share of it of which the customer pays only a part, for the reason the factor names. */
  Part partly(Rational ofIt, Factor paid) {
    var all = new ArrayList<>(factors);
    all.add(paid);
    return new Part(
        row, share.multiply(ofIt), category, commitment, basePrice, List.copyOf(all), burns);
  }

  Part at(Rational price) {
    return new Part(row, share, category, commitment, price, factors, burns);
  }

  Part netted(List<Burn> of) {
    return new Part(row, share, category, commitment, basePrice, factors, of);
  }

  public boolean isCovered() {
    return category == LineCategory.COMMITMENT_FEE;
  }

  /** The commitment that covers it, or null. */
  public @Nullable String coveredBy() {
    return isCovered() ? commitment : null;
  }

  /** True when no tiers apply, as a commitment says what it costs. */
  boolean isFixedPrice() {
    return commitment != null;
  }

  /** The price version that it is charged at, or the commitment whose own price that is. */
  public String priceVersion() {
    return commitment == null || isCovered() ? row.price().version() : commitment;
  }

  /** What stands on the invoice line, where {@link PriceVersion#lineVersion} is the usual one. */
  String lineVersion() {
    return commitment == null || isCovered() ? row.price().lineVersion() : commitment;
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
