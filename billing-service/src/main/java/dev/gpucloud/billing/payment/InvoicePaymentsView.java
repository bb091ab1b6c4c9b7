package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Allocation;
import dev.gpucloud.billing.payment.PaymentRepository.Dunning;
import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.billing.payment.engine.PaymentState;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How an issued invoice stands with its payment. */
@Schema(name = "InvoicePayments")
record InvoicePaymentsView(
    InvoiceId invoice,
    @Schema(examples = "2026-11-000001") String number,
    @Schema(enumeration = {"UNPAID", "PARTIALLY_PAID", "PAID", "OVERDUE"}) PaymentState state,
    @Schema(description = "Last day to pay, in Seoul.") LocalDate dueOn,
    Money total,
    @Schema(description = "What notes changed of it; negative where they took back.") Money noted,
    Money paid,
    Money open,
    List<AllocationView> allocations,
    @Schema(description = "Steps taken because it stayed open.") List<DunningView> dunning) {

  /** A step that was taken. */
  @Schema(name = "DunningStep")
  record DunningView(
      int number,
      @Schema(examples = "REMINDER") String name,
      int daysLate,
      Money open,
      Instant at) {
    static DunningView of(Dunning step) {
      return new DunningView(
          step.number(), step.name(), step.daysLate(), Money.krw(step.openKrw()), step.at());
    }
  }

  static InvoicePaymentsView of(
      Owed owed, LocalDate today, List<Allocation> allocations, List<Dunning> dunning) {
    long open = owed.open().openKrw();
    long owing = owed.totalKrw() + owed.notedKrw();
    long paid = owing - open;
    return new InvoicePaymentsView(
        new InvoiceId(owed.open().id()),
        owed.open().number(),
        PaymentState.of(owing, paid, owed.open().dueOn(), today),
        owed.open().dueOn(),
        Money.krw(owed.totalKrw()),
        Money.krw(owed.notedKrw()),
        Money.krw(paid),
        Money.krw(open),
        allocations.stream().map(AllocationView::of).toList(),
        dunning.stream().map(DunningView::of).toList());
  }
}
