package dev.gpucloud.tenant.budgets;

import dev.gpucloud.contracts.event.BudgetFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.budgets.engine.BudgetMeter;
import dev.gpucloud.tenant.budgets.engine.BudgetMeter.News;
import dev.gpucloud.tenant.budgets.engine.BudgetWindow;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.usage.GpuUsage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads a locked budget's use, and tells what is new. */
@ApplicationScoped
class BudgetWriter {
  private final Outbox outbox;
  private final GpuUsage usage;
  private final Notifications notifications;
  private final InstantSource clock;

  BudgetWriter(
      Outbox outbox, GpuUsage usage, Notifications notifications, @Business InstantSource clock) {
    this.outbox = outbox;
    this.usage = usage;
    this.notifications = notifications;
    this.clock = clock;
  }

  /** A first budget of a scope and model. */
  Uni<BudgetEntity> open(Mutiny.Session session, BudgetEntity.Scope scope, BudgetTerms terms) {
    BudgetEntity budget = BudgetEntity.of(scope, terms, clock.instant());
    return read(session, budget)
        .invoke(budget::take)
        .chain(() -> tell(session, budget, EventTypes.BUDGET_SET))
        .chain(() -> session.persist(budget))
        .replaceWith(budget);
  }

  /** Other terms of a budget. */
  Uni<BudgetEntity> change(Mutiny.Session session, BudgetEntity budget, BudgetTerms terms) {
    if (terms.equals(budget.terms())) {
      return Uni.createFrom().item(budget);
    }
    budget.set(terms, clock.instant());
    return read(session, budget)
        .invoke(budget::take)
        .chain(() -> tell(session, budget, EventTypes.BUDGET_SET))
        .replaceWith(budget);
  }

  /** Looks at the use again. */
  Uni<Void> look(Mutiny.Session session, BudgetEntity budget) {
    BudgetMeter before = budget.meter();
    return read(session, budget)
        .chain(
            meter -> {
              budget.take(meter);
              News news = meter.since(before);
              return news == null
                  ? Uni.createFrom().voidItem()
                  : tell(session, budget, type(news))
                      .chain(() -> notifyPeople(session, budget, news));
            });
  }

  private Uni<Void> notifyPeople(Mutiny.Session session, BudgetEntity budget, News news) {
    BudgetFact fact = budget.fact();
    return switch (news) {
      case EXHAUSTED ->
          notifications.tell(session, notice(NotificationKind.BUDGET_EXHAUSTED, fact));
      case WARNED ->
          notifications.tell(
              session,
              notice(NotificationKind.BUDGET_WARNED, fact).with("usedPct", fact.warnedPct()));
      case RENEWED -> Uni.createFrom().voidItem();
    };
  }

  private Notice notice(NotificationKind kind, BudgetFact fact) {
    return Notice.of(kind, fact.tenantId(), fact.key(), clock.instant())
        .with("model", fact.model())
        .with("project", fact.projectId())
        .with("limitGpuHours", fact.limitGpuHours())
        .with("windowEnd", fact.windowEnd());
  }

  private static String type(News news) {
    return switch (news) {
      case EXHAUSTED -> EventTypes.BUDGET_EXHAUSTED;
      case WARNED -> EventTypes.BUDGET_WARNED;
      case RENEWED -> EventTypes.BUDGET_RENEWED;
    };
  }

  private Uni<BudgetMeter> read(Mutiny.Session session, BudgetEntity budget) {
    Instant now = clock.instant();
    BudgetWindow window = budget.windowAt(now);
    var terms = new BudgetMeter.Terms(budget.terms().limitGpuHours(), budget.terms().warnAtPct());
    return usage
        .seconds(session, budget.usage(), window.from(), window.until(now))
        .map(used -> BudgetMeter.read(terms, window, window.contains(now), used));
  }

  private Uni<Void> tell(Mutiny.Session session, BudgetEntity budget, String type) {
    String key = budget.fact().key();
    return outbox.append(
        session,
        new OutboxEvent(
            Ids.next(),
            Topics.BUDGETS,
            key,
            type,
            key,
            budget.tenant(),
            budget.tell(),
            clock.instant(),
            budget.fact()));
  }
}
