package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;

/**
 * One immutable price of a SKU from an instant on. The price per unit and hour is the list price
 * times the purchase class's percentage, exact.
 */
public record PriceVersion(
    String sku,
    String version,
    PriceUnit unit,
    String purchaseClass,
    Rational listPriceKrwPerHour,
    Rational classPct,
    Instant effectiveFrom) {

  public static final String PREEMPTIBLE = "PREEMPTIBLE";
  private static final Rational HUNDRED = Rational.of(100);

  /** List price after the purchase class, in won per unit and hour. */
  public Rational priceKrwPerHour() {
    return listPriceKrwPerHour.multiply(classPct).divide(HUNDRED);
  }

  /**
   * What stands on the invoice line: preemptible prices step often, so that all versions of one
   * preemptible SKU share a line.
   */
  public String lineVersion() {
    return PREEMPTIBLE.equals(purchaseClass) ? "dynamic" : version;
  }
}
