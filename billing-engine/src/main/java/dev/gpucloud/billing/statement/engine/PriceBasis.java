package dev.gpucloud.billing.statement.engine;

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
 * What the amounts of a tenant's usage of a SKU in a month rest on, as a hash: every price of it
 * with its factors and from when on, its tax type, and the rules of rounding. The same basis and
 * the same runs give the same rows.
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

  /**
   * SHA-256 as hexadecimal digits; empty when a price of the month has tiers, for then each row's
   * amount depends on all others.
   */
  public Optional<String> of(TenantId tenant, String sku) {
    List<PriceStretch> stretches =
        PriceStretch.of(
            card,
            account.tenants().getOrDefault(tenant, Timeline.empty()),
            sku,
            month.start(),
            month.end());
    return stretches.stream().anyMatch(s -> s.price() != null && s.price().tiers() != null)
        ? Optional.empty()
        : Optional.of(hash(sku, stretches));
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
