package dev.gpucloud.tenant.notifications;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.SpendBudgetFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.NumberFormat;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Tells a tenant's people of budgets of won that billing-service found reached or spent. */
@ApplicationScoped
class SpendBudgetConsumer {
  private final Inbox inbox;
  private final Notifications notifications;
  private final ObjectMapper json;

  SpendBudgetConsumer(Inbox inbox, Notifications notifications, ObjectMapper json) {
    this.inbox = inbox;
    this.notifications = notifications;
    this.json = json;
  }

  @Incoming("spend-budgets")
  Uni<Void> on(ConsumerRecord<String, byte[]> message) {
    return inbox.accept(message, Inbox.Order.SEQUENCED, this::tell);
  }

  private Uni<Void> tell(Mutiny.Session s, InboundEvent event) {
    return switch (event.type()) {
      case EventTypes.SPEND_BUDGET_REACHED ->
          notifications.tell(s, reached(NotificationKind.SPEND_BUDGET_REACHED, fact(event)));
      case EventTypes.SPEND_BUDGET_FORECAST_REACHED ->
          notifications.tell(
              s, reached(NotificationKind.SPEND_BUDGET_FORECAST_REACHED, fact(event)));
      case EventTypes.SPEND_BUDGET_STOPPED -> notifications.tell(s, stopped(fact(event)));
      case EventTypes.SPEND_BUDGET_RESUMED ->
          notifications.tell(s, notice(NotificationKind.SPEND_BUDGET_RESUMED, fact(event)));
      default -> Uni.createFrom().voidItem();
    };
  }

  private SpendBudgetFact fact(InboundEvent event) {
    return event.dataAs(json, SpendBudgetFact.class);
  }

  private static Notice reached(NotificationKind kind, SpendBudgetFact fact) {
    return notice(kind, fact)
        .with("reachedPct", fact.reachedPct())
        .with("spentWon", won(fact.spentKrw()))
        .with("forecastWon", won(fact.forecastKrw()));
  }

  private static Notice stopped(SpendBudgetFact fact) {
    return notice(NotificationKind.SPEND_BUDGET_STOPPED, fact)
        .with("spentWon", won(fact.spentKrw()))
        .with("stopAtPct", fact.stopAtPct())
        .with("monthEnd", fact.monthEnd());
  }

  private static Notice notice(NotificationKind kind, SpendBudgetFact fact) {
    return Notice.of(kind, fact.tenantId(), fact.budgetId().toString(), fact.at())
        .with("name", fact.name())
        .with("project", fact.project())
        .with("month", fact.month())
        .with("amountWon", won(fact.amountKrw()));
  }

  private static String won(long amount) {
    return NumberFormat.getIntegerInstance(Locale.ROOT).format(amount);
  }
}
