package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.agreement.AgreementRepository.Prepaid;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Money paid before: {@code amount = payments + lapsed + left}. */
@Schema(name = "Prepaid")
record PrepaidView(
    String id,
    String accountId,
    Money amount,
    Money left,
    Money lapsed,
    int priority,
    Instant paidAt,
    @Nullable Instant expiresAt,
    @Nullable String note,
    List<PaidView> payments) {

  /** What the invoice of a month took. */
  @Schema(name = "PrepaidPayment")
  record PaidView(String month, Money amount) {}

  static PrepaidView of(Prepaid p) {
    return new PrepaidView(
        p.paidIn().id(),
        p.account().toString(),
        Money.krw(p.paidIn().balance().amount()),
        Money.krw(p.left().amount()),
        Money.krw(p.lapsed().amount()),
        p.paidIn().priority(),
        p.paidIn().paidAt(),
        p.paidIn().expiresAt(),
        p.note(),
        p.payments().stream()
            .map(d -> new PaidView(d.month().toString(), Money.krw(d.amount().amount())))
            .toList());
  }
}
