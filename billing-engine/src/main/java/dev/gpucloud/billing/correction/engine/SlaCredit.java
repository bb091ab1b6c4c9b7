package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A credit granted for an interruption: a percentage of what a month was billed (of one SKU, or of
 * all), or an amount. Its document is written on the day it is granted.
 *
 * @param taxType of the document that an amount is taken back of; null for the month's usual one
 */
public record SlaCredit(
    String id,
    BillingMonth month,
    @Nullable Rational pct,
    @Nullable Won amount,
    @Nullable String sku,
    @Nullable TaxType taxType,
    LocalDate grantedOn) {

  static final Comparator<SlaCredit> ORDER =
      Comparator.comparing(SlaCredit::grantedOn).thenComparing(SlaCredit::id);

  public SlaCredit {
    if ((pct == null) == (amount == null)) {
      throw new IllegalArgumentException("an SLA credit has a percentage or an amount");
    }
  }

  /** A percentage of what was billed, in whole won. */
  public static Won of(Rational pct, Won billed) {
    return new Won(
        Rational.of(billed.amount()).multiply(pct).divide(Rational.of(100)).roundHalfUpToLong());
  }
}
