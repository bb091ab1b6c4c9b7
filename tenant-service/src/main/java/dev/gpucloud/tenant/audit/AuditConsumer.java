package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.inbox.BatchInbox;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.tenant.audit.ChainWriter.NewEntry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the entries of all services into the chain, each once, a batch at a time. */
@ApplicationScoped
class AuditConsumer {
  private static final String CONSUMER = "audit";

  private final BatchInbox inbox;
  private final ChainWriter chain;
  private final ObjectMapper json;
  private final InstantSource clock;

  AuditConsumer(
      BatchInbox inbox, ChainWriter chain, ObjectMapper json, @SystemClock InstantSource clock) {
    this.inbox = inbox;
    this.chain = chain;
    this.json = json;
    this.clock = clock;
  }

  @Incoming("audit-entries")
  Uni<Void> entries(ConsumerRecords<String, byte[]> records) {
    return inbox.accept(
        CONSUMER,
        records,
        (c, events) -> chain.append(c, read(events), clock.instant()).replaceWithVoid());
  }

  private List<NewEntry> read(List<InboundEvent> events) {
    return events.stream().map(this::read).toList();
  }

  /** An entry that is no {@link AuditFact} goes to the dead letters. */
  private NewEntry read(InboundEvent event) {
    event.dataAs(json, AuditFact.class);
    return new NewEntry(event.id(), event.source(), event.dataAs(json, JsonNode.class));
  }
}
