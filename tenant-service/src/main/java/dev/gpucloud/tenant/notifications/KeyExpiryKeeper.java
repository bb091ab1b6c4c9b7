package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Tells holders of API keys, once for each, that theirs ends soon. */
@ApplicationScoped
class KeyExpiryKeeper {
  private static final Logger LOG = Logger.getLogger(KeyExpiryKeeper.class);
  private static final int BATCH = 100;
  private static final String ENDING =
      """
      select k.key_id, k.tenant_id, k.subject, k.name,
        cast(extract(epoch from k.expires_at) as bigint)
      from api_key k
      where k.revoked_at is null and k.expires_at > now()
        and k.expires_at <= now() + make_interval(secs => ?1)
        and k.expires_at - k.created_at > make_interval(secs => ?1)
        and not exists (select 1 from notification n
          where n.once = 'api-key.expiring/' || k.key_id)
      order by k.expires_at limit ?2""";

  private final Transactions transactions;
  private final Notifications notifications;
  private final NotificationConfig config;
  private final InstantSource clock;

  KeyExpiryKeeper(
      Transactions transactions,
      Notifications notifications,
      NotificationConfig config,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.notifications = notifications;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.notifications.key-check}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return transactions
        .asSystem(this::batch)
        .chain(found -> found < BATCH ? Uni.createFrom().voidItem() : look())
        .onFailure()
        .invoke(f -> LOG.warnf("keys that end soon are not looked for: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Integer> batch(Mutiny.Session session) {
    double notice = config.keyNotice().toSeconds();
    return Sql.rows(session, ENDING, notice, BATCH)
        .chain(rows -> tell(session, rows).replaceWith(rows.size()));
  }

  private Uni<Void> tell(Mutiny.Session session, List<Object[]> rows) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Object[] row : rows) {
      Notice notice =
          Notice.of(
                  NotificationKind.API_KEY_EXPIRING,
                  new TenantId((UUID) row[1]),
                  new ApiKeyId((UUID) row[0]).toString(),
                  clock.instant())
              .person((String) row[2])
              .with("keyName", row[3])
              .with("expiresAt", Instant.ofEpochSecond(((Number) row[4]).longValue()))
              .once("api-key.expiring/" + row[0]);
      done = done.chain(() -> notifications.tell(session, notice));
    }
    return done;
  }
}
