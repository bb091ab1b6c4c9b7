package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a customer's documents are taxed: by what is agreed for a term that holds at the write date,
 * else as {@code usual}, but for the SKUs that have a type of their own, for a term or always. Zero
 * rating needs evidence that is valid at the write date; without it the line bears 10 %. {@code
 * includesVat}: prices are what is paid in the end.
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

  /**
   * A type for a term; of a zero rating it is the term for which its evidence is valid.
   *
   * @param sku whose lines alone it is for; null where it is for all that has no type of its own
   */
  public record Agreed(String id, @Nullable String sku, TaxType type, Term term) {}

  /** As usual but for these terms. */
  public static Taxation of(List<Agreed> agreed) {
    return new Taxation(TaxType.TAXED, Map.of(), null, false, agreed);
  }

  /** The tax type of what is of no SKU. */
  public TaxType typeAt(BillingMode mode, Instant writeDate) {
    return mode.taxType() == TaxType.TAXED
        ? evident(agreedAt(writeDate, null).orElse(usual), writeDate)
        : mode.taxType();
  }

  /** The tax type of a SKU's lines. */
  public TaxType typeAt(BillingMode mode, Instant writeDate, String sku) {
    if (mode.taxType() != TaxType.TAXED) {
      return mode.taxType();
    }
    return agreedAt(writeDate, sku)
        .orElseGet(
            () -> {
              TaxType own = ofSkus.get(sku);
              return own == null ? typeAt(mode, writeDate) : evident(own, writeDate);
            });
  }

  private Optional<TaxType> agreedAt(Instant writeDate, @Nullable String sku) {
    return agreed.stream()
        .filter(a -> Objects.equals(a.sku(), sku) && a.term().holdsAt(writeDate))
        .map(Agreed::type)
        .findFirst();
  }

  private TaxType evident(TaxType type, Instant writeDate) {
    boolean isEvident =
        type != TaxType.ZERO_RATED
            || zeroRatingEvidence != null && zeroRatingEvidence.holdsAt(writeDate)
            || agreedAt(writeDate, null).filter(TaxType.ZERO_RATED::equals).isPresent();
    return isEvident ? type : TaxType.TAXED;
  }
}
