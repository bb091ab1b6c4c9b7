package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One immutable price of a SKU from an instant on. The price per unit and hour is the list price
 * times the purchase class's percentage, exact. A price with tiers depends on the month's quantity;
 * its list price is then that of the first band. A contract's price takes no discount of a kind or
 * segment.
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
    boolean isContract) {

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

  /** How many priced units one hour of a shape holds. */
  public int unitsOf(Shape shape) {
    return unit == PriceUnit.INSTANCE_HOUR ? 1 : shape.units();
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
