package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.BudgetFact;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Keeps beside the quota until when a budget of GPU-hours stops growth. It stands in the row that
 * every batch locks anyway, and ends by itself with the window.
 */
@ApplicationScoped
class BudgetConsumer {
  private final Inbox inbox;
  private final ObjectMapper json;

  BudgetConsumer(Inbox inbox, ObjectMapper json) {
    this.inbox = inbox;
    this.json = json;
  }

  @Incoming("budgets")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.LATEST, this::apply);
  }

  private Uni<Void> apply(Mutiny.Session s, InboundEvent event) {
    BudgetFact fact = event.dataAs(json, BudgetFact.class);
    boolean stops = fact.exhausted() && fact.limitGpuHours() != null;
    return Sql.update(
            s,
            """
            insert into quota_usage
              (tenant_id, project_id, model_id, site,
               budget_gpu_hours, budget_used_seconds, budget_ends_at)
            values
              (?1, cast(cast(?2 as text) as uuid), ?3, ?4, cast(cast(?5 as text) as bigint),
               cast(cast(?6 as text) as bigint), cast(cast(?7 as text) as timestamptz))
            on conflict (scope_id, model_id, site) do update set
              budget_gpu_hours = excluded.budget_gpu_hours,
              budget_used_seconds = excluded.budget_used_seconds,
              budget_ends_at = excluded.budget_ends_at""",
            fact.tenantId().value(),
            fact.projectId() == null ? null : fact.projectId().value().toString(),
            fact.model(),
            QuotaLimit.ALL_SITES,
            stops ? String.valueOf(fact.limitGpuHours()) : null,
            stops ? Long.toString(fact.usedGpuSeconds()) : null,
            stops ? fact.windowEnd().toString() : null)
        .replaceWithVoid();
  }
}
