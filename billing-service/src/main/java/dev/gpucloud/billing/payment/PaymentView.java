package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Allocation;
import dev.gpucloud.billing.payment.PaymentRepository.Payment;
import dev.gpucloud.contracts.id.PaymentId;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Money that came in, and what it pays. */
@Schema(name = "Payment")
record PaymentView(
    PaymentId id,
    LocalDate receivedOn,
    Money amount,
    @Schema(description = "What is for no invoice yet.") Money open,
    String payer,
    String reference,
    @Schema(enumeration = {"MANUAL", "IMPORT"}) String source,
    @Schema(
            description =
                "What it was matched by when it was recorded, or why a person has to decide.",
            enumeration = {
              "INVOICE_NUMBER", "EXACT_INVOICE", "EXACT_TOTAL", "INVOICE_NOT_OPEN",
              "UNKNOWN_PAYER", "SEVERAL_PAYERS", "OTHER_AMOUNT", "SEVERAL_INVOICES"
            })
        String match,
    String recordedBy,
    Instant recordedAt,
    List<AllocationView> allocations) {
  static PaymentView of(Payment p, List<Allocation> allocations) {
    return new PaymentView(
        new PaymentId(p.id()),
        p.receipt().receivedOn(),
        Money.krw(p.receipt().amountKrw()),
        Money.krw(p.openKrw()),
        p.receipt().payer(),
        p.receipt().reference(),
        p.source(),
        p.match(),
        p.recordedBy(),
        p.recordedAt(),
        allocations.stream().map(AllocationView::of).toList());
  }
}
