package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.QuotaFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Keeps the limits that tenant-service publishes; an older version never replaces a newer one. */
@ApplicationScoped
class QuotaConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;

  QuotaConsumer(Inbox inbox, ObjectMapper json) {
    this.inbox = inbox;
    this.json = json;
  }

  @Incoming("quotas")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.LATEST, this::apply);
  }

  private Uni<Void> apply(Mutiny.Session s, InboundEvent event) {
    QuotaFact fact = event.dataAs(json, QuotaFact.class);
    return Sql.update(
            s,
            """
            insert into quota_limit (tenant_id, model_id, limit_gpus, version)
            values (?1, ?2, cast(cast(?3 as text) as int), ?4)
            on conflict (tenant_id, model_id) do update set
              limit_gpus = excluded.limit_gpus, version = excluded.version
            where quota_limit.version < excluded.version""",
            fact.tenantId().value(),
            fact.model(),
            text(fact.limitGpus()),
            fact.version())
        .replaceWithVoid();
  }

  private static @Nullable String text(@Nullable Integer number) {
    return number == null ? null : number.toString();
  }
}
