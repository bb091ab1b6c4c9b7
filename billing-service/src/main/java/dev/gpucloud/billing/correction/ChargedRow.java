package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.contracts.id.ProjectId;
import org.jspecify.annotations.Nullable;

/** A row that an issued invoice charges, with what its line has in common. */
record ChargedRow(
    StoredRow row, @Nullable ProjectId project, String sku, String lineVersion, TaxType taxType) {}
