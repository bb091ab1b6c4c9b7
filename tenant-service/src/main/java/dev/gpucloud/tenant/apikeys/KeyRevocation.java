package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.members.Departure;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** Ends keys: the row and the event that every service acts on, in the caller's transaction. */
@ApplicationScoped
public class KeyRevocation implements Departure {
  private final ApiKeyRepository keys;
  private final Outbox outbox;
  private final Audit audit;
  private final InstantSource clock;

  KeyRevocation(
      ApiKeyRepository keys, Outbox outbox, Audit audit, @SystemClock InstantSource clock) {
    this.keys = keys;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  /** Ends one key; one that has ended stays as it is. */
  Uni<Void> revoke(Mutiny.Session session, ApiKeyEntity key, String by) {
    Instant now = clock.instant();
    ApiKeyView before = ApiKeyView.of(key, now);
    if (!key.revoke(by, now)) {
      return Uni.createFrom().voidItem();
    }
    return outbox
        .append(session, event(key, now))
        .chain(
            () ->
                audit.changed(
                    session,
                    AuditChange.ofAccess("tenant.api-key.revoke", "api-key", key.id().toString())
                        .at(key.tenant())
                        .from(before)
                        .to(ApiKeyView.of(key, now))));
  }

  /** Ends every key of a holder. */
  public Uni<Void> revokeAll(Mutiny.Session session, TenantId tenant, String holder, String by) {
    return keys.unrevokedLocked(session, tenant, holder)
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (ApiKeyEntity row : rows) {
                done = done.chain(() -> revoke(session, row, by));
              }
              return done;
            });
  }

  /** Keys act with the roles of their holder; those of before must not act with later ones. */
  @Override
  public Uni<Void> left(Mutiny.Session session, TenantId tenant, String subject, String by) {
    return revokeAll(session, tenant, subject, by);
  }

  private static OutboxEvent event(ApiKeyEntity key, Instant now) {
    String id = key.id().toString();
    return new OutboxEvent(
        Ids.next(),
        Topics.API_KEYS,
        id,
        EventTypes.API_KEY_REVOKED,
        id,
        key.tenant(),
        1,
        now,
        key.fact());
  }
}
