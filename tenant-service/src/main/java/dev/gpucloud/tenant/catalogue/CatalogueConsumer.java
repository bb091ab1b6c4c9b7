package dev.gpucloud.tenant.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.CatalogueFact;
import dev.gpucloud.kit.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears which GPU models and sites there are; the newest word counts. */
@ApplicationScoped
class CatalogueConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;
  private final Catalogue catalogue;

  CatalogueConsumer(Inbox inbox, ObjectMapper json, Catalogue catalogue) {
    this.inbox = inbox;
    this.json = json;
    this.catalogue = catalogue;
  }

  @Incoming("catalogue")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(
        message,
        Inbox.Order.LATEST,
        (session, event) -> catalogue.keep(session, event.dataAs(json, CatalogueFact.class)));
  }
}
