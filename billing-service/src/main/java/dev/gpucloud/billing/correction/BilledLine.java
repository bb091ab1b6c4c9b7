package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an issued invoice charges, by a line of it; {@code isLate} for what corrects an earlier
 * month, and {@code sku} is null for what a note changed later of the invoice itself.
 */
record BilledLine(
    TaxType taxType,
    @Nullable UUID project,
    @Nullable String projectSlug,
    @Nullable String sku,
    boolean isLate,
    Won supply,
    Won vat) {

  static BilledLine of(NoteLine late) {
    return new BilledLine(
        late.taxType(), late.project(), late.projectSlug(), null, false, late.supply(), late.vat());
  }
}
