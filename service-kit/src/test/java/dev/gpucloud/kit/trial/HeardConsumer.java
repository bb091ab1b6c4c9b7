package dev.gpucloud.kit.trial;

import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.inbox.PoisonEventException;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Writes down what it heard, in the order in which it took effect. */
@ApplicationScoped
class HeardConsumer {
  private final Inbox inbox;

  HeardConsumer(Inbox inbox) {
    this.inbox = inbox;
  }

  @Incoming("instances")
  Uni<Void> hear(ConsumerRecord<String, byte[]> r) {
    return inbox.accept(
        r,
        Inbox.Order.SEQUENCED,
        (s, e) -> {
          if (e.type().equals("note.poison")) {
            throw new PoisonEventException("cannot be digested");
          }
          return Sql.update(
                  s, "insert into heard (key, sequence) values (?1, ?2)", e.key(), e.sequence())
              .replaceWithVoid();
        });
  }
}
