package dev.gpucloud.billing.metering;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.InstanceFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Keeps every instance event raw and meters those that start, change or end a run. */
@ApplicationScoped
class InstanceEventConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;
  private final MeteringRepository metering;

  InstanceEventConsumer(Inbox inbox, ObjectMapper json, MeteringRepository metering) {
    this.inbox = inbox;
    this.json = json;
    this.metering = metering;
  }

  @Incoming("instances")
  Uni<Void> on(ConsumerRecord<String, byte[]> r) {
    return inbox.accept(r, Inbox.Order.SEQUENCED, this::meter);
  }

  private Uni<Void> meter(Mutiny.Session s, InboundEvent event) {
    InstanceFact fact = event.dataAs(json, InstanceFact.class);
    return metering
        .keep(s, event, fact)
        .chain(
            () ->
                MeteredEvent.isMetered(event.type()) && fact.runId() != null
                    ? metering.retile(s, fact, fact.runId())
                    : Uni.createFrom().voidItem());
  }
}
