package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.part.InvoiceParts;
import dev.gpucloud.billing.payment.PaymentRepository.Dunning;
import dev.gpucloud.billing.payment.PaymentRepository.Owed;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InvoiceFact;
import dev.gpucloud.contracts.event.InvoicePartFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Tells the other services of issued invoices, in the transaction of what it tells. */
@ApplicationScoped
public class InvoiceEvents {
  private final Outbox outbox;
  private final PaymentConfig config;

  InvoiceEvents(Outbox outbox, PaymentConfig config) {
    this.outbox = outbox;
    this.config = config;
  }

  /**
   * An invoice that was just issued.
   *
   * @param openKrw what is to be paid of it; 0 when nobody owes it
   */
  public record Issued(
      UUID id,
      UUID tenant,
      String number,
      String month,
      long totalKrw,
      long openKrw,
      Instant issuedAt,
      String mode) {}

  /**
   * Tells that invoices were issued and until when they are to be paid, and each tenant that an
   * invoice of another one charges, what its part comes to.
   */
  public Uni<Void> issued(Mutiny.Session s, List<Issued> invoices) {
    return outbox
        .append(s, invoices.stream().map(this::issued).toArray(OutboxEvent[]::new))
        .chain(() -> InvoiceParts.ofOthers(s, invoices.stream().map(Issued::id).toList()))
        .chain(
            parts ->
                parts.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : outbox.append(
                        s, parts.stream().map(InvoiceEvents::part).toArray(OutboxEvent[]::new)));
  }

  private static OutboxEvent part(InvoicePartFact part) {
    String key = part.invoiceId() + "/" + part.tenantId();
    return new OutboxEvent(
        Ids.next(),
        Topics.INVOICES,
        key,
        EventTypes.INVOICE_PART_ISSUED,
        key,
        part.tenantId(),
        1,
        part.at(),
        part);
  }

  private OutboxEvent issued(Issued invoice) {
    return event(
        EventTypes.INVOICE_ISSUED,
        1,
        new InvoiceFact(
            new InvoiceId(invoice.id()),
            new TenantId(invoice.tenant()),
            invoice.number(),
            invoice.month(),
            invoice.totalKrw(),
            invoice.openKrw(),
            invoice.openKrw() > 0 ? config.dueOn(invoice.issuedAt()) : null,
            null,
            null,
            invoice.issuedAt(),
            invoice.mode()));
  }

  /** Tells a step that was taken because an invoice stays open. */
  Uni<Void> overdue(Mutiny.Session s, Owed owed, Dunning step) {
    return outbox.append(
        s,
        event(
            EventTypes.INVOICE_OVERDUE,
            1L + step.number(),
            new InvoiceFact(
                new InvoiceId(owed.open().id()),
                new TenantId(owed.tenant()),
                owed.open().number(),
                owed.open().number().substring(0, 7),
                owed.totalKrw(),
                owed.open().openKrw(),
                owed.open().dueOn(),
                step.name(),
                step.daysLate(),
                step.at(),
                null)));
  }

  private static OutboxEvent event(String type, long sequence, InvoiceFact fact) {
    String key = fact.invoiceId().toString();
    return new OutboxEvent(
        Ids.next(), Topics.INVOICES, key, type, key, fact.tenantId(), sequence, fact.at(), fact);
  }
}
