package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.Comparator;

/** What the rows of one invoice line have in common (rule R2); lines are numbered in its order. */
public record LineKey(
    ProjectId projectId,
    String sku,
    String priceVersion,
    TaxType taxType,
    LineCategory category,
    BillingMonth originalMonth)
    implements Comparable<LineKey> {

  private static final Comparator<LineKey> ORDER =
      Comparator.comparing(LineKey::originalMonth)
          .thenComparing(LineKey::category)
          .thenComparing(k -> k.projectId().toString())
          .thenComparing(LineKey::sku)
          .thenComparingInt(k -> k.priceVersion().length())
          .thenComparing(LineKey::priceVersion)
          .thenComparing(LineKey::taxType);

  @Override
  public int compareTo(LineKey other) {
    return ORDER.compare(this, other);
  }
}
