package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.billing.rating.engine.PriceStretch;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the amounts of a tenant's usage of a SKU rest on that ended on a day of a month, as a hash:
 * every price of it up to that day with its factors and from when on, its tax type, and the rules
 * of rounding. The same basis and the same runs give the same rows; prices from a later day on
 * change nothing.
 */
public final class PriceBasis {
  private final RateCard card;
  private final AccountTerms account;
  private final BillingMonth month;

  public PriceBasis(RateCard list, AccountTerms account, BillingMonth month) {
    this.card = list.with(account.contracts());
    this.account = account;
    this.month = month;
  }

  /** SHA-256 as hexadecimal digits; empty where {@link #hasTiers}. */
  public Optional<String> of(TenantId tenant, String sku, EndDay day) {
    List<PriceStretch> stretches = stretches(tenant, sku);
    return hasTiers(stretches)
        ? Optional.empty()
        : Optional.of(
            hash(sku, stretches.stream().filter(s -> s.start().isBefore(day.through())).toList()));
  }

  /** Whether a price of the month has tiers: then each row's amount depends on all others. */
  public boolean hasTiers(TenantId tenant, String sku) {
    return hasTiers(stretches(tenant, sku));
  }

  private static boolean hasTiers(List<PriceStretch> stretches) {
    return stretches.stream().anyMatch(s -> s.price() != null && s.price().tiers() != null);
  }

  private List<PriceStretch> stretches(TenantId tenant, String sku) {
    return PriceStretch.of(
        card,
        account.tenants().getOrDefault(tenant, Timeline.empty()),
        sku,
        month.start(),
        month.end());
  }

  private String hash(String sku, List<PriceStretch> stretches) {
    var text = new StringBuilder(StatementEngine.ROUNDING_POLICY);
    text.append('\n').append(month).append(' ').append(account.taxTypeIn(month, sku));
    stretches.forEach(stretch -> text.append('\n').append(stretch));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
