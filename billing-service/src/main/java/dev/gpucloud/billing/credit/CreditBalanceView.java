package dev.gpucloud.billing.credit;

import dev.gpucloud.contracts.money.Rational;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A promotional credit in exact won: {@code given = used + lapsed + left}. */
@Schema(name = "CreditBalance")
record CreditBalanceView(
    @Schema(description = "As invoices name it.") String id,
    String name,
    @Schema(description = "A lower one is used first.") int priority,
    @Schema(description = "Up to 12 decimals.") String given,
    String used,
    @Schema(description = "What was left when it expired, as the invoice of that month records it.")
        String lapsed,
    @Schema(
            description =
                "What no issued invoice or note has used. Once it has expired, it lapses.")
        String left,
    @Schema(description = "The same, exact.") String leftFraction,
    Instant validFrom,
    @Nullable Instant expiresAt,
    @Schema(description = "By the month in which it was used, late usage in that of the usage.")
        List<UsedView> months) {

  /** What a month used, exact. */
  @Schema(name = "CreditUsed")
  record UsedView(String month, String amount, String amountFraction) {
    static UsedView of(Map.Entry<String, Rational> used) {
      return new UsedView(used.getKey(), plain(used.getValue()), used.getValue().toString());
    }
  }

  static CreditBalanceView of(CreditBalances.Balance b) {
    return new CreditBalanceView(
        b.id().toString(),
        b.name(),
        b.priority(),
        plain(b.given()),
        plain(b.used()),
        plain(b.lapsed()),
        plain(b.left()),
        b.left().toString(),
        b.validFrom(),
        b.expiresAt(),
        b.months().entrySet().stream().map(UsedView::of).toList());
  }

  private static String plain(Rational value) {
    BigDecimal stripped = new BigDecimal(value.toDecimal12()).stripTrailingZeros();
    return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
  }
}
