package dev.gpucloud.tenant.notifications;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Forgets old notifications, with what became of them, and events that webhooks were told. */
@ApplicationScoped
class NotificationPurge {
  private static final String PURGE =
      """
      delete from notification where notification_id in (
        select notification_id from notification
        where created_at < now() - make_interval(secs => ?1) order by created_at limit 1000)""";

  private static final String PURGE_EVENTS =
      """
      delete from notification_dispatch where dispatch_id in (
        select dispatch_id from notification_dispatch
        where event_id is not null and created_at < now() - make_interval(secs => ?1)
        order by created_at limit 1000)""";

  private final Transactions transactions;
  private final NotificationConfig config;

  NotificationPurge(Transactions transactions, NotificationConfig config) {
    this.transactions = transactions;
    this.config = config;
  }

  @Scheduled(every = "${gpucloud.notifications.purge-interval}", delayed = "7s")
  Uni<Void> purge() {
    double seconds = config.retention().toSeconds();
    return transactions
        .asSystem(
            s -> Sql.update(s, PURGE, seconds).chain(() -> Sql.update(s, PURGE_EVENTS, seconds)))
        .replaceWithVoid();
  }
}
