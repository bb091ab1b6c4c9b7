package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Notes how tries went, and disables a webhook that has failed for too long without one success, or
 * whose receiver says that it is gone for good. Its owners are told.
 */
@ApplicationScoped
public class WebhookHealth {
  private static final String WELL =
      """
      update webhook set failing_since = null, last_problem = null, last_tried_at = now(),
        last_status = cast(cast(?2 as text) as int)
      where webhook_id = ?1""";
  private static final String ILL =
      """
      update webhook set failing_since = coalesce(failing_since, now()), last_problem = ?2,
        last_tried_at = now(), last_status = cast(cast(?3 as text) as int)
      where webhook_id = ?1""";
  private static final String DISABLE =
      """
      update webhook set state = 'DISABLED', version = version + 1, updated_at = now()
      where webhook_id = ?1 and state = 'ACTIVE'
        and (?2 or failing_since <= now() - make_interval(secs => ?3))
      returning url, cast(extract(epoch from failing_since) as bigint)""";
  private static final String GIVE_UP =
      """
      update notification_dispatch set state = 'DEAD', problem = 'the webhook is disabled'
      where webhook_id = ?1 and state = 'PENDING'""";

  private final Notifications notifications;
  private final Audit audit;
  private final Duration disableAfter;
  private final InstantSource clock;

  WebhookHealth(
      Notifications notifications,
      Audit audit,
      WebhookConfig config,
      @SystemClock InstantSource clock) {
    this.notifications = notifications;
    this.audit = audit;
    this.disableAfter = config.disableAfter();
    this.clock = clock;
  }

  /** A message arrived. */
  public Uni<Void> well(Mutiny.Session session, UUID webhook, @Nullable Integer status) {
    return Sql.update(session, WELL, webhook, text(status)).replaceWithVoid();
  }

  /** A try of a webhook that failed. */
  public record Ill(
      TenantId tenant, UUID webhook, @Nullable Integer status, String problem, boolean gone) {}

  /** A message did not arrive. */
  public Uni<Void> ill(Mutiny.Session session, Ill ill) {
    return Sql.update(session, ILL, ill.webhook(), ill.problem(), text(ill.status()))
        .chain(
            () ->
                Sql.rows(
                    session, DISABLE, ill.webhook(), ill.gone(), disableAfter.toMillis() / 1000.0))
        .chain(
            rows ->
                rows.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : disabled(session, ill, rows.getFirst()));
  }

  private Uni<Void> disabled(Mutiny.Session session, Ill ill, Object[] row) {
    String id = new WebhookId(ill.webhook()).toString();
    Instant since = Instant.ofEpochSecond(((Number) row[1]).longValue());
    Notice notice =
        Notice.of(NotificationKind.WEBHOOK_DISABLED, ill.tenant(), id, clock.instant())
            .with("url", row[0])
            .with("failingSince", since)
            .with("problem", ill.problem());
    AuditChange change =
        AuditChange.of("webhook.disable", "webhook", id)
            .at(ill.tenant())
            .from(Map.of("state", "ACTIVE"))
            .to(Map.of("state", "DISABLED", "failingSince", since.toString()));
    return Sql.update(session, GIVE_UP, ill.webhook())
        .chain(() -> notifications.tell(session, notice))
        .chain(() -> audit.changed(session, change));
  }

  private static @Nullable String text(@Nullable Integer value) {
    return value == null ? null : value.toString();
  }
}
