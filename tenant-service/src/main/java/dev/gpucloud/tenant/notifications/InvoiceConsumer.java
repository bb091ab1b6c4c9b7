package dev.gpucloud.tenant.notifications;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InvoiceFact;
import dev.gpucloud.contracts.event.InvoicePartFact;
import dev.gpucloud.contracts.event.NoteFact;
import dev.gpucloud.contracts.event.PartNoteFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Tells a tenant's people of invoices that billing-service has issued and of late ones. */
@ApplicationScoped
class InvoiceConsumer {
  /** Modes whose document is a statement without VAT. */
  private static final Set<String> STATEMENTS = Set.of("COST_SHARE", "SHOWBACK");

  private final Inbox inbox;
  private final Notifications notifications;
  private final ObjectMapper json;

  InvoiceConsumer(Inbox inbox, Notifications notifications, ObjectMapper json) {
    this.inbox = inbox;
    this.notifications = notifications;
    this.json = json;
  }

  @Incoming("invoices")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.SEQUENCED, this::tell);
  }

  private Uni<Void> tell(Mutiny.Session s, InboundEvent event) {
    return switch (event.type()) {
      case EventTypes.INVOICE_ISSUED -> {
        InvoiceFact fact = fact(event);
        Notice notice = notice(NotificationKind.INVOICE_ISSUED, fact);
        yield notifications.tell(s, total(notice, fact.totalKrw(), fact.mode()));
      }
      case EventTypes.INVOICE_PART_ISSUED ->
          notifications.tell(s, notice(event.dataAs(json, InvoicePartFact.class)));
      case EventTypes.INVOICE_NOTE_ISSUED ->
          notifications.tell(s, notice(event.dataAs(json, NoteFact.class)));
      case EventTypes.INVOICE_PART_NOTE_ISSUED ->
          notifications.tell(s, notice(event.dataAs(json, PartNoteFact.class)));
      case EventTypes.INVOICE_OVERDUE -> {
        InvoiceFact fact = fact(event);
        yield notifications.tell(
            s,
            notice(NotificationKind.INVOICE_OVERDUE, fact)
                .with("totalWon", won(fact.totalKrw()))
                .with("daysLate", fact.daysLate()));
      }
      default -> Uni.createFrom().voidItem();
    };
  }

  /** Other types on the topic have facts of their own. */
  private InvoiceFact fact(InboundEvent event) {
    return event.dataAs(json, InvoiceFact.class);
  }

  private static Notice notice(NotificationKind kind, InvoiceFact fact) {
    return Notice.of(kind, fact.tenantId(), fact.invoiceId().toString(), fact.at())
        .with("number", fact.number())
        .with("month", fact.month())
        .with("openWon", fact.openKrw() > 0 ? won(fact.openKrw()) : null)
        .with("dueOn", fact.dueOn());
  }

  private static Notice notice(InvoicePartFact part) {
    Notice notice =
        Notice.of(
                NotificationKind.INVOICE_PART_ISSUED,
                part.tenantId(),
                part.invoiceId().toString(),
                part.at())
            .with("number", part.number())
            .with("month", part.month());
    return total(notice, part.totalKrw(), part.mode());
  }

  private static Notice notice(NoteFact note) {
    Notice notice =
        Notice.of(
                NotificationKind.INVOICE_NOTE_ISSUED,
                note.tenantId(),
                note.noteId().toString(),
                note.at())
            .with("number", note.noteNumber())
            .with("invoiceNumber", note.correctsNumber());
    return total(notice, Math.addExact(note.supplyKrw(), note.vatKrw()), note.mode());
  }

  private static Notice notice(PartNoteFact note) {
    Notice notice =
        Notice.of(
                NotificationKind.INVOICE_PART_NOTE_ISSUED,
                note.tenantId(),
                note.noteId().toString(),
                note.at())
            .with("number", note.noteNumber())
            .with("invoiceNumber", note.correctsNumber())
            .with("month", note.month());
    return total(notice, Math.addExact(note.supplyKrw(), note.vatKrw()), note.mode());
  }

  /** The amount stands once more under a name that says whether it has VAT, for the texts. */
  private static Notice total(Notice notice, long krw, @Nullable String mode) {
    boolean statement = mode != null && STATEMENTS.contains(mode);
    return notice
        .with("totalWon", won(krw))
        .with(statement ? "withoutVatWon" : "withVatWon", won(krw));
  }

  private static String won(long amount) {
    return NumberFormat.getIntegerInstance(Locale.ROOT).format(amount);
  }
}
