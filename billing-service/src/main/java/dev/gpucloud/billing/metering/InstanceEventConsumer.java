package dev.gpucloud.billing.metering;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.kit.inbox.BatchInbox;
import dev.gpucloud.kit.inbox.InboundEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Keeps every instance event raw and meters those that start, change or end a run, a batch in one
 * transaction.
 */
@ApplicationScoped
class InstanceEventConsumer {
  private static final String CONSUMER = "main";

  private final BatchInbox inbox;
  private final ObjectMapper json;
  private final MeteringWriter metering;

  InstanceEventConsumer(BatchInbox inbox, ObjectMapper json, MeteringWriter metering) {
    this.inbox = inbox;
    this.json = json;
    this.metering = metering;
  }

  @Incoming("instances")
  Uni<Void> on(ConsumerRecords<String, byte[]> records) {
    return inbox.acceptSequenced(CONSUMER, records, this::told, metering::write);
  }

  /** An event that is no {@link InstanceFact} goes to the dead letters. */
  private ToldEvent told(InboundEvent event) {
    return new ToldEvent(event, event.dataAs(json, InstanceFact.class));
  }

  /** An event and what it says. */
  record ToldEvent(InboundEvent event, InstanceFact fact) {
    boolean isMetered() {
      return MeteredEvent.isMetered(event.type()) && fact.runId() != null;
    }
  }
}
