package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.QuotaFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.tenant.engine.QuotaTerms;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** Changes quotas: the row and the event that tells it, in the caller's transaction. */
@ApplicationScoped
public class QuotaWriter {
  private final Outbox outbox;
  private final Audit audit;
  private final InstantSource clock;

  QuotaWriter(Outbox outbox, Audit audit, @Business InstantSource clock) {
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** A first limit for a scope and model. */
  public Uni<QuotaEntity> open(
      Mutiny.Session session, QuotaScope scope, String model, QuotaTerms terms) {
    Instant now = clock.instant();
    QuotaEntity quota = QuotaEntity.of(scope, model, terms, now);
    return session
        .persist(quota)
        .chain(() -> outbox.append(session, event(quota, now)))
        .chain(() -> audit.changed(session, of(quota)))
        .replaceWith(quota);
  }

  /** Sets the terms; answers whether they are others. */
  public Uni<Boolean> change(Mutiny.Session session, QuotaEntity quota, QuotaTerms terms) {
    Instant now = clock.instant();
    AuditChange change = of(quota).from(QuotaView.of(quota));
    return quota.change(terms, now)
        ? outbox
            .append(session, event(quota, now))
            .chain(() -> audit.changed(session, change.to(QuotaView.of(quota))))
            .replaceWith(true)
        : Uni.createFrom().item(false);
  }

  private static AuditChange of(QuotaEntity quota) {
    return AuditChange.of("tenant.quota.set", "quota", quota.fact().key())
        .at(quota.tenant())
        .to(QuotaView.of(quota));
  }

  private static OutboxEvent event(QuotaEntity quota, Instant now) {
    QuotaFact fact = quota.fact();
    String key = fact.key();
    return new OutboxEvent(
        Ids.next(),
        Topics.QUOTAS,
        key,
        EventTypes.QUOTA_SET,
        key,
        quota.tenant(),
        quota.version(),
        now,
        fact);
  }
}
