package dev.gpucloud.billing.payment;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.payment.PaymentRepository.Allocation;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.PaymentAllocationId;
import dev.gpucloud.contracts.id.PaymentId;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a payment pays of an invoice. */
@Schema(name = "PaymentAllocation")
@JsonInclude(JsonInclude.Include.NON_NULL)
record AllocationView(
    PaymentAllocationId id,
    PaymentId payment,
    InvoiceId invoice,
    @Schema(examples = "2026-11-000001") String invoiceNumber,
    @Schema(description = "Negative for one that takes another back.") Money amount,
    @Schema(
            enumeration = {
              "INVOICE_NUMBER",
              "EXACT_INVOICE",
              "EXACT_TOTAL",
              "MANUAL",
              "TAKEN_BACK"
            })
        String rule,
    @Nullable PaymentAllocationId takesBack,
    @Nullable String comment,
    LocalDate receivedOn,
    String by,
    Instant at) {
  static AllocationView of(Allocation a) {
    return new AllocationView(
        new PaymentAllocationId(a.id()),
        new PaymentId(a.payment()),
        new InvoiceId(a.invoice()),
        a.number(),
        Money.krw(a.amountKrw()),
        a.rule(),
        a.takesBack() == null ? null : new PaymentAllocationId(a.takesBack()),
        a.comment(),
        a.receivedOn(),
        a.by(),
        a.at());
  }
}
