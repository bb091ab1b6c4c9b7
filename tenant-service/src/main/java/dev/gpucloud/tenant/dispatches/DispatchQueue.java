package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.dispatches.Dispatch.Failed;
import dev.gpucloud.tenant.dispatches.Dispatch.Sent;
import dev.gpucloud.tenant.engine.RetryDelay;
import dev.gpucloud.tenant.notifications.engine.Language;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent. Of a webhook that fails one dispatch at a time is taken, so that a receiver
 * that hangs holds up no other. Taking a dispatch counts the try and moves its time on by a lease,
 * so that a replica that dies leaves it to the others, and one that dies of it does not take it for
 * ever. Who comes back after the lease finds another count and changes nothing.
 */
@ApplicationScoped
class DispatchQueue {
  private static final int LONGEST_PROBLEM = 500;
  private static final String TAKE =
      """
      update notification_dispatch d
      set due_at = now() + make_interval(secs => $3), attempts = d.attempts + 1
      from (
        select due.dispatch_id, n.kind, n.resource, n.details, n.at, s.language, w.url, w.secret,
          w.previous_secret, w.previous_until
        from notification_dispatch due
        left join notification n on n.notification_id = due.notification_id
        left join notification_settings s on s.tenant_id = due.tenant_id
        left join webhook w on w.webhook_id = due.webhook_id
        where due.channel = $1 and due.state = 'PENDING' and due.due_at <= now()
          and (due.webhook_id is null or w.state = 'ACTIVE' and (w.failing_since is null
            or due.dispatch_id = (
              select probe.dispatch_id from notification_dispatch probe
              where probe.webhook_id = w.webhook_id and probe.state = 'PENDING'
                and probe.due_at <= now()
              order by probe.due_at, probe.dispatch_id limit 1)))
        order by due.due_at limit $2 for update of due skip locked) t
      where d.dispatch_id = t.dispatch_id
      returning d.dispatch_id, d.notification_id, d.tenant_id, t.kind, t.resource, t.details, t.at,
        d.addressee, d.recipient, d.attempts, d.sealed, t.language, d.webhook_id, t.url, t.secret,
        t.previous_secret, t.previous_until, d.event_id, d.event""";
  private static final String SENT =
      """
      update notification_dispatch
      set state = 'SENT', sent_at = now(), problem = null, sealed = null,
        last_status = cast(cast(?3 as text) as int)
      where dispatch_id = ?1 and attempts = ?2 and state = 'PENDING'""";
  private static final String FAILED =
      """
      update notification_dispatch
      set problem = ?3, last_status = cast(cast(?4 as text) as int),
        state = case when ?5 then 'DEAD' else 'PENDING' end,
        sealed = case when ?5 then null else sealed end,
        due_at = now() + make_interval(secs => ?6)
      where dispatch_id = ?1 and attempts = ?2 and state = 'PENDING'""";

  private final Transactions transactions;
  private final DispatchConfig config;
  private final RetryDelay delay;

  DispatchQueue(Transactions transactions, DispatchConfig config) {
    this.transactions = transactions;
    this.config = config;
    this.delay = new RetryDelay(config.firstDelay(), config.longestDelay());
  }

  /** Takes what is due of a channel. */
  Uni<List<Dispatch>> take(String channel) {
    Tuple parameters = Tuple.of(channel, (long) config.batchSize(), seconds(config.lease()));
    return transactions
        .systemSql(c -> c.preparedQuery(TAKE).execute(parameters))
        .map(
            rows -> {
              List<Dispatch> taken = new ArrayList<>();
              rows.forEach(row -> taken.add(dispatch(row)));
              return taken;
            });
  }

  Uni<Void> sent(Mutiny.Session session, Dispatch dispatch, Sent sent) {
    return Sql.update(session, SENT, dispatch.id(), dispatch.attempts(), text(sent.status()))
        .replaceWithVoid();
  }

  /** Answers whether it is given up for good. */
  Uni<Boolean> failed(Mutiny.Session session, Dispatch dispatch, Failed failed) {
    boolean dead = failed.isFinal() || dispatch.attempts() >= config.mostTries();
    return Sql.update(
            session,
            FAILED,
            dispatch.id(),
            dispatch.attempts(),
            cut(failed.problem()),
            text(failed.status()),
            dead,
            seconds(delay.after(dispatch.attempts())))
        .replaceWith(dead);
  }

  static String cut(String problem) {
    String printable = problem.replace('\0', ' ');
    return printable.length() > LONGEST_PROBLEM
        ? printable.substring(0, LONGEST_PROBLEM)
        : printable;
  }

  private static Dispatch dispatch(Row row) {
    UUID webhook = row.getUUID(12);
    UUID tenant = row.getUUID(2);
    return new Dispatch(
        row.getUUID(0),
        message(row),
        tenant == null ? null : new TenantId(tenant),
        row.getString(7),
        row.getString(8),
        row.getInteger(9),
        bytes(row.getDelegate().getBuffer(10)),
        row.getString(11) == null ? null : Language.valueOf(row.getString(11)),
        webhook == null ? null : target(webhook, row));
  }

  private static Dispatch.Message message(Row row) {
    String event = row.getString(17);
    return event != null
        ? new Dispatch.Event(event, row.getString(18))
        : new Dispatch.Notified(
            row.getUUID(1),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getOffsetDateTime(6).toInstant());
  }

  private static Dispatch.Target target(UUID webhook, Row row) {
    Instant until =
        row.getOffsetDateTime(16) == null ? null : row.getOffsetDateTime(16).toInstant();
    return new Dispatch.Target(
        webhook,
        row.getString(13),
        row.getDelegate().getBuffer(14).getBytes(),
        bytes(row.getDelegate().getBuffer(15)),
        until);
  }

  private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
    return buffer == null ? null : buffer.getBytes();
  }

  private static @Nullable String text(@Nullable Integer value) {
    return value == null ? null : value.toString();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
