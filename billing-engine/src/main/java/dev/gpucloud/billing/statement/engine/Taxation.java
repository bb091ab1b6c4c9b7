package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a customer's documents are taxed: as {@code agreed}, but for the SKUs that have a type of
 * their own. Zero rating needs evidence that is valid at the write date; without it the line bears
 * 10 %. {@code includesVat}: prices are what is paid in the end.
 */
public record Taxation(
    TaxType agreed,
    Map<String, TaxType> ofSkus,
    @Nullable Term zeroRatingEvidence,
    boolean includesVat) {
  public static final Taxation USUAL = new Taxation(TaxType.TAXED, Map.of(), null, false);

  public Taxation {
    ofSkus = Map.copyOf(ofSkus);
  }

  /** The tax type of what is of no SKU. */
  public TaxType typeAt(BillingMode mode, Instant writeDate) {
    return inForce(agreed, mode, writeDate);
  }

  /** The tax type of a SKU's lines. */
  public TaxType typeAt(BillingMode mode, Instant writeDate, String sku) {
    return inForce(ofSkus.getOrDefault(sku, agreed), mode, writeDate);
  }

  private TaxType inForce(TaxType type, BillingMode mode, Instant writeDate) {
    if (mode.taxType() != TaxType.TAXED) {
      return mode.taxType();
    }
    boolean evident = zeroRatingEvidence != null && zeroRatingEvidence.holdsAt(writeDate);
    return type == TaxType.ZERO_RATED && !evident ? TaxType.TAXED : type;
  }
}
