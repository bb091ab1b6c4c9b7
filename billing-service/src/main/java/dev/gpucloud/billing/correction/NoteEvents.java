package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.part.InvoiceParts;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.NoteFact;
import dev.gpucloud.contracts.event.PartNoteFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.reactive.mutiny.Mutiny;

/** Tells of issued notes, in the transaction of the issue. */
@ApplicationScoped
class NoteEvents {
  private final Outbox outbox;

  NoteEvents(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Tells whom the invoice was issued to, and each other tenant whose part of it changes. */
  Uni<Void> issued(Mutiny.Session s, Note n, Instant at) {
    String key = new NoteId(n.id()).toString();
    return Rows.select(s, "select mode from invoice where id = ?1", n.invoice())
        .map(found -> fact(n, at, found.getFirst().text(0)))
        .chain(
            fact ->
                outbox.append(
                    s, event(EventTypes.INVOICE_NOTE_ISSUED, key, fact.tenantId(), at, fact)))
        .chain(() -> InvoiceParts.noteOfOthers(s, n.id()))
        .chain(
            parts ->
                parts.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : outbox.append(
                        s, parts.stream().map(NoteEvents::part).toArray(OutboxEvent[]::new)));
  }

  private static NoteFact fact(Note n, Instant at, String mode) {
    return new NoteFact(
        new NoteId(n.id()),
        Objects.requireNonNull(n.number()),
        new InvoiceId(n.invoice()),
        n.invoiceNumber(),
        new TenantId(n.tenant()),
        n.kind().name(),
        n.kind().reason(),
        n.writeDate(),
        n.supply().amount(),
        n.vat().amount(),
        at,
        mode);
  }

  private static OutboxEvent part(PartNoteFact part) {
    String key = part.noteId() + "/" + part.tenantId();
    return event(EventTypes.INVOICE_PART_NOTE_ISSUED, key, part.tenantId(), part.at(), part);
  }

  private static OutboxEvent event(
      String type, String key, TenantId tenant, Instant at, Object fact) {
    return new OutboxEvent(Ids.next(), Topics.INVOICES, key, type, key, tenant, 1, at, fact);
  }
}
