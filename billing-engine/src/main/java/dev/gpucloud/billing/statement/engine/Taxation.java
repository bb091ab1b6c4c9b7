package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a customer's documents are taxed: by what is agreed for a term that holds at the write date,
 * else as {@code usual}, but for the SKUs that have a type of their own. Zero rating needs evidence
 * that is valid at the write date; without it the line bears 10 %. {@code includesVat}: prices are
 * what is paid in the end.
 */
public record Taxation(
    TaxType usual,
    Map<String, TaxType> ofSkus,
    @Nullable Term zeroRatingEvidence,
    boolean includesVat,
    List<Agreed> agreed) {
  public static final Taxation USUAL =
      new Taxation(TaxType.TAXED, Map.of(), null, false, List.of());

  public Taxation {
    ofSkus = Map.copyOf(ofSkus);
    agreed = List.copyOf(agreed);
  }

  /** A type for a term; of a zero rating it is the term for which its evidence is valid. */
  public record Agreed(String id, TaxType type, Term term) {}

  /** As usual but for these terms. */
  public static Taxation of(List<Agreed> agreed) {
    return new Taxation(TaxType.TAXED, Map.of(), null, false, agreed);
  }

  /** The tax type of what is of no SKU. */
  public TaxType typeAt(BillingMode mode, Instant writeDate) {
    return inForce(null, mode, writeDate);
  }

  /** The tax type of a SKU's lines. */
  public TaxType typeAt(BillingMode mode, Instant writeDate, String sku) {
    return inForce(ofSkus.get(sku), mode, writeDate);
  }

  private TaxType inForce(@Nullable TaxType own, BillingMode mode, Instant writeDate) {
    if (mode.taxType() != TaxType.TAXED) {
      return mode.taxType();
    }
    TaxType dated =
        agreed.stream()
            .filter(a -> a.term().holdsAt(writeDate))
            .map(Agreed::type)
            .findFirst()
            .orElse(null);
    TaxType type = own != null ? own : dated != null ? dated : usual;
    boolean evident =
        dated == TaxType.ZERO_RATED
            || zeroRatingEvidence != null && zeroRatingEvidence.holdsAt(writeDate);
    return type == TaxType.ZERO_RATED && !evident ? TaxType.TAXED : type;
  }
}
