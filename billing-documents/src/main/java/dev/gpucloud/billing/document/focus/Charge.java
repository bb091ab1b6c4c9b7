package dev.gpucloud.billing.document.focus;

import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One row of the dataset, before it is cut into columns; {@code id} is its own for ever. */
record Charge(
    IssuedInvoice invoice,
    String id,
    ChargeCategory category,
    boolean isCorrection,
    String description,
    Instant start,
    Instant end,
    Costs costs,
    @Nullable Pricing pricing,
    @Nullable CommitmentShare commitment,
    @Nullable Project project,
    @Nullable ExactRow usage,
    @Nullable String corrects) {

  /**
   * Won without VAT: billed in cash, with commitments spread over their use, at list, as agreed.
   */
  record Costs(Rational billed, Rational effective, Rational list, Rational contracted) {
    static Costs all(Rational amount) {
      return new Costs(amount, amount, amount, amount);
    }
  }

  /** What a quantity is priced by; a correction has an SKU and no quantity. */
  record Pricing(
      String category,
      String skuId,
      String skuPriceId,
      String priceVersion,
      @Nullable String region,
      @Nullable Rational quantity,
      @Nullable String unit,
      @Nullable Rational listUnitPrice,
      @Nullable Rational contractedUnitPrice) {}

  /** How a row stands to a commitment. */
  record CommitmentShare(
      String id,
      String name,
      String category,
      @Nullable String status,
      @Nullable Rational quantity,
      @Nullable String unit) {}

  /** Whether it is billed as the Purchase of a commitment, and not by itself. */
  boolean isPaidByPurchase() {
    return usage != null && usage.isCovered() || commitment != null && commitment.status() != null;
  }

  /** The run that is charged, unless the row is about money alone. */
  @Nullable ExactRow consumed() {
    return category == ChargeCategory.USAGE ? usage : null;
  }
}
