package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line in whole won and the exact rows it stands for: {@code amount = exact + rounding}. Where
 * prices include VAT the amount does too, and {@code supply + vat = amount}; elsewhere the supply
 * is the amount. {@code parts} are those rated with the line; usage that was booked before is in
 * its amount and quantity alone.
 *
 * @param lastUse of all that the line charges for; null where it stands for no use
 */
public record StatementLine(
    int number,
    Key key,
    Rational quantityHours,
    Rational exact,
    Won amount,
    Won supply,
    Won vat,
    List<Part> parts,
    @Nullable LastUse lastUse) {

  /**
   * What the rows of a line have in common. {@code item} is a SKU, or the id of a fee or
   * commitment; {@code version} the price version or contract term. Lines of an account have no
   * project.
   */
  public record Key(
      @Nullable ProjectId project,
      String item,
      String version,
      TaxType taxType,
      LineCategory category,
      BillingMonth originalMonth)
      implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::originalMonth)
            .thenComparing(Key::category)
            .thenComparing(k -> k.project() == null ? "" : k.project().toString())
            .thenComparing(Key::item)
            .thenComparingInt(k -> k.version().length())
            .thenComparing(Key::version)
            .thenComparing(Key::taxType);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** What rounding to whole won added. */
  public Rational rounding() {
    return Rational.of(amount.amount()).subtract(exact);
  }
}
