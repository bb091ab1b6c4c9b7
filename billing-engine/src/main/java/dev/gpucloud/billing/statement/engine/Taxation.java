package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a customer's documents are taxed. Zero rating needs evidence that is valid at the write date;
 * without it the document bears 10 %. {@code includesVat}: prices are what is paid in the end.
 */
public record Taxation(TaxType agreed, @Nullable Term zeroRatingEvidence, boolean includesVat) {
  public static final Taxation USUAL = new Taxation(TaxType.TAXED, null, false);

  /** The tax type of a document. */
  public TaxType typeAt(BillingMode mode, Instant writeDate) {
    if (mode.taxType() != TaxType.TAXED) {
      return mode.taxType();
    }
    boolean evident = zeroRatingEvidence != null && zeroRatingEvidence.holdsAt(writeDate);
    return agreed == TaxType.ZERO_RATED && !evident ? TaxType.TAXED : agreed;
  }
}
