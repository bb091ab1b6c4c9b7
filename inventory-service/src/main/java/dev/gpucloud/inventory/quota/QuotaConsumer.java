package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.QuotaFact;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the limits that tenant-service publishes; an older version never replaces a newer one. A
 * change waits for the batches that hold the row, and binds every one after them.
 */
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
            insert into quota_usage
              (tenant_id, project_id, model_id, site, limit_gpus, limit_version,
               guaranteed_gpus, borrow_limit_gpus)
            values
              (?1, cast(cast(?2 as text) as uuid), ?3, ?4, cast(cast(?5 as text) as int), ?6,
               cast(cast(?7 as text) as int), cast(cast(?8 as text) as int))
            on conflict (scope_id, model_id, site) do update set
              limit_gpus = excluded.limit_gpus, limit_version = excluded.limit_version,
              guaranteed_gpus = excluded.guaranteed_gpus,
              borrow_limit_gpus = excluded.borrow_limit_gpus
            where coalesce(quota_usage.limit_version, 0) < excluded.limit_version""",
            fact.tenantId().value(),
            fact.projectId() == null ? null : fact.projectId().value().toString(),
            fact.model(),
            Objects.requireNonNullElse(fact.site(), QuotaLimit.ALL_SITES),
            text(fact.limitGpus()),
            fact.version(),
            text(fact.guaranteedGpus()),
            text(fact.borrowLimitGpus()))
        .replaceWithVoid();
  }

  private static @Nullable String text(@Nullable Integer number) {
    return number == null ? null : number.toString();
  }
}
