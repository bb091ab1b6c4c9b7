package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.part.InvoicePart;
import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** How an issued invoice stands with its payment. */
@ApplicationScoped
class InvoiceStanding {
  private final PaymentRepository payments;
  private final InstantSource clock;

  InvoiceStanding(PaymentRepository payments, @Business InstantSource clock) {
    this.payments = payments;
    this.clock = clock;
  }

  /** The payment state of an issued invoice by id or number; fails with NOT_FOUND. */
  Uni<InvoicePaymentsView> of(Mutiny.Session s, String invoice) {
    return of(s, invoice, null);
  }

  /** As {@link #of(Mutiny.Session, String)} for one tenant, unless another owes it. */
  Uni<InvoicePaymentsView> of(Mutiny.Session s, String invoice, @Nullable UUID reader) {
    return owed(s, invoice)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemType.NOT_FOUND.because(
                            "There is no such issued invoice that somebody owes.")))
        .invoke(
            owed -> {
              if (reader != null && !owed.tenant().equals(reader)) {
                throw InvoicePart.hasNone("its payments");
              }
            })
        .chain(
            owed ->
                payments
                    .ofInvoice(s, owed.open().id())
                    .chain(
                        allocations ->
                            payments
                                .dunning(s, owed.open().id())
                                .map(
                                    dunning ->
                                        InvoicePaymentsView.of(
                                            owed,
                                            LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE),
                                            allocations,
                                            dunning))));
  }

  private Uni<Optional<Owed>> owed(Mutiny.Session s, String invoice) {
    if (!invoice.startsWith("inv_")) {
      return payments.owed(s, invoice);
    }
    UUID id;
    try {
      id = InvoiceId.parse(invoice).value();
    } catch (IllegalArgumentException e) {
      return Uni.createFrom().item(Optional.empty());
    }
    return payments.owed(s, id);
  }
}
