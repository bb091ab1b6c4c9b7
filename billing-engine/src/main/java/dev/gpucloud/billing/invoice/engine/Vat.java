package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;

/**
 * Korean VAT of 10 % (rules R4, R7 and R8): rounding acts on the magnitude, the sign is put back
 * after; what the items show sums to what the document says.
 */
public final class Vat {
  private static final long DIVISOR = 10;
  private static final Rational NET_OF_INCLUSIVE = Rational.of(10, 11);

  private Vat() {}

  /** A document whose lines include VAT: what they sum to, split. */
  public record Inclusive(Won supplyValue, Won vat, List<Won> lineSupplies) {}

  /** VAT of a document: 10 % of the supply value, rounded down on the magnitude. */
  public static Won of(Won supplyValue) {
    return new Won(supplyValue.amount() / DIVISOR);
  }

  /** VAT of a document whose lines do not include it, by tax type. */
  public static Won of(Won supplyValue, TaxType taxType) {
    return taxType == TaxType.TAXED ? of(supplyValue) : Won.ZERO;
  }

  /**
   * VAT of the next change of a taxed document, some of whose supply value was changed before (rule
   * R7). Changes that take back all of it take back all of its VAT, also where prices included it.
   */
  public static Won ofChange(Won supply, Won vat, Won changedBefore, Won change) {
    return ofChanges(supply, vat, changedBefore.plus(change))
        .minus(ofChanges(supply, vat, changedBefore));
  }

  private static Won ofChanges(Won supply, Won vat, Won changes) {
    return changes.equals(supply.negate()) ? vat.negate() : of(changes);
  }

  /** VAT of each item by largest remainder, ties to the earlier line; sums to the document's. */
  public static List<Won> ofItems(List<Won> items, Won documentVat) {
    return WholeWon.split(
        documentVat, items.stream().map(i -> Rational.of(i.amount(), DIVISOR)).toList());
  }

  /** Splits a document whose lines include VAT. */
  public static Inclusive inclusive(List<Won> lines) {
    Won total = lines.stream().reduce(Won.ZERO, Won::plus);
    Won supply =
        new Won(Rational.of(total.amount()).multiply(NET_OF_INCLUSIVE).roundHalfUpToLong());
    List<Rational> exact =
        lines.stream().map(l -> Rational.of(l.amount()).multiply(NET_OF_INCLUSIVE)).toList();
    return new Inclusive(supply, total.minus(supply), WholeWon.split(supply, exact));
  }
}
