package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ClosingFact;
import dev.gpucloud.kit.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears what the other services still hold of closing tenants; the newest word counts. */
@ApplicationScoped
class ClosingConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;
  private final Closings closings;

  ClosingConsumer(Inbox inbox, ObjectMapper json, Closings closings) {
    this.inbox = inbox;
    this.json = json;
    this.closings = closings;
  }

  @Incoming("inventory-closings")
  Uni<Void> inventory(ConsumerRecord<String, byte[]> message) {
    return keep(message);
  }

  @Incoming("billing-closings")
  Uni<Void> billing(ConsumerRecord<String, byte[]> message) {
    return keep(message);
  }

  private Uni<Void> keep(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(
        message,
        Inbox.Order.LATEST,
        (session, event) -> closings.keep(session, event.dataAs(json, ClosingFact.class)));
  }
}
