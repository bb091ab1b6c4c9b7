package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.engine.BudgetMeter.Growth;
import dev.gpucloud.billing.spend.engine.BudgetMeter.News;
import dev.gpucloud.billing.spend.engine.Threshold;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Tells the other services of budgets of won, in the transaction of what it tells. */
@ApplicationScoped
class SpendBudgetEvents {
  private final Outbox outbox;
  private final InstantSource clock;

  SpendBudgetEvents(Outbox outbox, @Business InstantSource clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** New terms, and what they mean for new instances. */
  Uni<Void> set(Mutiny.Session s, SpendBudgetEntity budget, Growth growth) {
    List<OutboxEvent> events = new ArrayList<>();
    events.add(event(budget, EventTypes.SPEND_BUDGET_SET, null, budget.stopped));
    growth(budget, growth).ifPresent(events::add);
    return append(s, events);
  }

  /** There is no such budget any more; nothing is stopped by it. */
  Uni<Void> removed(Mutiny.Session s, SpendBudgetEntity budget) {
    return append(s, List.of(event(budget, EventTypes.SPEND_BUDGET_REMOVED, null, false)));
  }

  /** What a look found: of each basis the highest threshold, and what it means for growth. */
  Uni<Void> found(Mutiny.Session s, SpendBudgetEntity budget, News news) {
    List<OutboxEvent> events = new ArrayList<>();
    reached(budget, EventTypes.SPEND_BUDGET_REACHED, news, Threshold.Basis.ACTUAL)
        .ifPresent(events::add);
    reached(budget, EventTypes.SPEND_BUDGET_FORECAST_REACHED, news, Threshold.Basis.FORECAST)
        .ifPresent(events::add);
    growth(budget, news.growth()).ifPresent(events::add);
    return append(s, events);
  }

  private Optional<OutboxEvent> reached(
      SpendBudgetEntity budget, String type, News news, Threshold.Basis basis) {
    return news.reached().stream()
        .filter(t -> t.basis() == basis)
        .map(Threshold::percent)
        .max(Integer::compare)
        .map(percent -> event(budget, type, percent, budget.stopped));
  }

  private Optional<OutboxEvent> growth(SpendBudgetEntity budget, Growth growth) {
    return switch (growth) {
      case AS_BEFORE -> Optional.empty();
      case STOPPED ->
          Optional.of(event(budget, EventTypes.SPEND_BUDGET_STOPPED, null, budget.stopped));
      case RESUMED ->
          Optional.of(event(budget, EventTypes.SPEND_BUDGET_RESUMED, null, budget.stopped));
    };
  }

  private OutboxEvent event(
      SpendBudgetEntity budget, String type, @Nullable Integer reachedPct, boolean stops) {
    Instant now = clock.instant();
    String key = budget.id().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.SPEND_BUDGETS,
        key,
        type,
        key,
        budget.tenant(),
        budget.tell(),
        now,
        budget.fact(reachedPct, stops, now));
  }

  private Uni<Void> append(Mutiny.Session s, List<OutboxEvent> events) {
    return events.isEmpty()
        ? Uni.createFrom().voidItem()
        : outbox.append(s, events.toArray(OutboxEvent[]::new));
  }
}
