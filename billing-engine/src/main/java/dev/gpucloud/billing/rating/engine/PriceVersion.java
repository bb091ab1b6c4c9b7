package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One immutable price of a SKU from an instant on. The price per unit and hour is the list price
 * times the purchase class's percentage, exact. A price with tiers depends on the month's quantity;
 * its list price is then that of the first band. A contract's price takes no discount of a kind or
 * segment, and names the price of the list that it replaces, if there is one.
 */
public record PriceVersion(
    String sku,
    String version,
    PriceUnit unit,
    String purchaseClass,
    Rational listPriceKrwPerHour,
    Rational classPct,
    Instant effectiveFrom,
    @Nullable Tiers tiers,
    boolean isContract,
    @Nullable PriceVersion replaced) {

  public static final String PREEMPTIBLE = "PREEMPTIBLE";
  private static final Rational HUNDRED = Rational.of(100);

  /** A list price without tiers. */
  public PriceVersion(
      String sku,
      String version,
      PriceUnit unit,
      String purchaseClass,
      Rational listPriceKrwPerHour,
      Rational classPct,
      Instant effectiveFrom) {
    this(
        sku,
        version,
        unit,
        purchaseClass,
        listPriceKrwPerHour,
        classPct,
        effectiveFrom,
        null,
        false);
  }

  /** A price that replaces none of the list. */
  public PriceVersion(
      String sku,
      String version,
      PriceUnit unit,
      String purchaseClass,
      Rational listPriceKrwPerHour,
      Rational classPct,
      Instant effectiveFrom,
      @Nullable Tiers tiers,
      boolean isContract) {
    this(
        sku,
        version,
        unit,
        purchaseClass,
        listPriceKrwPerHour,
        classPct,
        effectiveFrom,
        tiers,
        isContract,
        null);
  }

  /** The same price, whatever it replaces. */
  PriceVersion alone() {
    return replaced == null
        ? this
        : new PriceVersion(
            sku,
            version,
            unit,
            purchaseClass,
            listPriceKrwPerHour,
            classPct,
            effectiveFrom,
            tiers,
            isContract);
  }

  /** How many priced units one hour of a shape holds. */
  public int unitsOf(Shape shape) {
    return unit == PriceUnit.INSTANCE_HOUR ? 1 : shape.units();
  }

  /**
   * What the list asks for a unit of this price and an hour of a shape. A SKU that is on no list
   * has the contract's price alone, which then stands for it.
   */
  public Rational listedKrwPerHour(Shape shape) {
    if (replaced == null) {
      return listPriceKrwPerHour;
    }
    return replaced.unit == unit
        ? replaced.listPriceKrwPerHour
        : replaced
            .listPriceKrwPerHour
            .multiply(Rational.of(replaced.unitsOf(shape)))
            .divide(Rational.of(unitsOf(shape)));
  }

  /** List price after the purchase class, in won per unit and hour. */
  public Rational priceKrwPerHour() {
    return listPriceKrwPerHour.multiply(classPct).divide(HUNDRED);
  }

  /**
   * What stands on the invoice line: preemptible prices step often, so that all versions of one
   * preemptible SKU share a line.
   */
  public String lineVersion() {
    return PREEMPTIBLE.equals(purchaseClass) && !isContract ? "dynamic" : version;
  }
}
