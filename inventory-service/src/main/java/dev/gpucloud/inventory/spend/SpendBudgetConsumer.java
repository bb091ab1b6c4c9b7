package dev.gpucloud.inventory.spend;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.SpendBudgetFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Keeps which budgets of won stop what is new, as billing-service tells it. */
@ApplicationScoped
class SpendBudgetConsumer {
  private static final String STOP =
      """
      insert into spend_stop (tenant_id, budget_id, project_id, name, month, amount_krw, spent_krw,
                              stop_at_percent, ends_at)
      values (?1, ?2, cast(cast(?3 as text) as uuid), ?4, ?5, ?6, ?7, ?8,
              cast(cast(?9 as text) as timestamptz))
      on conflict (budget_id) do update set
        name = excluded.name, month = excluded.month, amount_krw = excluded.amount_krw,
        spent_krw = excluded.spent_krw, stop_at_percent = excluded.stop_at_percent,
        ends_at = excluded.ends_at""";

  private final Inbox inbox;
  private final SpendStops stops;
  private final ObjectMapper json;

  SpendBudgetConsumer(Inbox inbox, SpendStops stops, ObjectMapper json) {
    this.inbox = inbox;
    this.stops = stops;
    this.json = json;
  }

  @Incoming("spend-budgets")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.LATEST, this::apply).chain(() -> stops.keepFresh());
  }

  private Uni<Void> apply(Mutiny.Session s, InboundEvent event) {
    SpendBudgetFact fact = event.dataAs(json, SpendBudgetFact.class);
    Integer stopAt = fact.stopAtPct();
    if (!fact.stopped() || stopAt == null) {
      return Sql.update(s, "delete from spend_stop where budget_id = ?1", fact.budgetId().value())
          .replaceWithVoid();
    }
    return Sql.update(
            s,
            STOP,
            fact.tenantId().value(),
            fact.budgetId().value(),
            fact.projectId() == null ? null : fact.projectId().value().toString(),
            fact.name(),
            fact.month(),
            fact.amountKrw(),
            fact.spentKrw(),
            stopAt,
            fact.monthEnd().toString())
        .replaceWithVoid();
  }
}
