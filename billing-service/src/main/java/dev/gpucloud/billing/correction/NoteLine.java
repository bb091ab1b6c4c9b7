package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a note changes under one tax type for one project, negative where it takes back; without a
 * project it is the account's. The lines sum to the note.
 */
record NoteLine(
    TaxType taxType, @Nullable UUID project, @Nullable String projectSlug, Won supply, Won vat) {

  NoteLine with(Won otherVat) {
    return new NoteLine(taxType, project, projectSlug, supply, otherVat);
  }

  boolean isNothing() {
    return supply.amount() == 0 && vat.amount() == 0;
  }
}
