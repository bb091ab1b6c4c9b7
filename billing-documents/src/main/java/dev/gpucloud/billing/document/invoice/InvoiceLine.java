package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line in whole won: {@code amount = exact + rounding}. The amount is the supply value, unless
 * prices include VAT: then it is supply value and VAT together. A line that belongs to no project
 * is the account's. {@code corrects} names the charge that a correction corrects.
 */
public record InvoiceLine(
    int number,
    @Nullable Project project,
    String sku,
    String description,
    String priceVersion,
    TaxType taxType,
    LineCategory category,
    BillingMonth originalMonth,
    Unit unit,
    Rational quantity,
    Rational exact,
    Rational rounding,
    Won amount,
    Won supply,
    Won vat,
    @Nullable Commitment commitment,
    @Nullable String corrects,
    List<ExactRow> rows) {

  /** What a quantity counts. */
  public enum Unit {
    GPU_HOUR,
    INSTANCE_HOUR,
    /** No quantity: an amount of its own. */
    NONE
  }

  public InvoiceLine {
    rows = List.copyOf(rows);
  }

  /** What it is for, in Korean: names of SKUs and plans stay as they are. */
  public String koreanDescription() {
    return switch (category) {
      case TRUE_UP -> "약정 금액 부족분, " + priceVersion;
      case CORRECTION ->
          "%s, %d년 %d월 정정"
              .formatted(
                  sku, originalMonth.month().getYear(), originalMonth.month().getMonthValue());
      default -> description;
    };
  }

  /** What stands on the line itself and on none of its rows: a fee, a true-up, a correction. */
  public Rational ownExact() {
    return rows.stream().map(ExactRow::exact).reduce(exact, Rational::subtract);
  }
}
