package dev.gpucloud.billing.account;

import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.GrantFact;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** What grant programmes pay of the tenants' usage. */
@ApplicationScoped
public class GrantShares {
  /**
   * Takes over what happened to an award. It holds from its window's begin, or from its acceptance
   * if that came later, and ends early when it is taken back.
   */
  Uni<Void> keep(Mutiny.Session s, String type, Instant at, GrantFact grant) {
    return switch (type) {
      case EventTypes.GRANT_ACCEPTED -> holds(s, at, grant);
      // of an award that was accepted before this was listened for
      case EventTypes.GRANT_STARTED, EventTypes.GRANT_NOTICED, EventTypes.GRANT_NOTICE_LIFTED ->
          holds(s, grant.windowStart(), grant);
      case EventTypes.GRANT_CLAWED_BACK, EventTypes.GRANT_ENDED -> ended(s, at, grant);
      default -> Uni.createFrom().voidItem();
    };
  }

  private static Uni<Void> holds(Mutiny.Session s, Instant at, GrantFact grant) {
    Instant from = at.isAfter(grant.windowStart()) ? at : grant.windowStart();
    if (!from.isBefore(grant.windowEnd())) {
      return Uni.createFrom().voidItem();
    }
    return Sql.update(
            s,
            """
            insert into grant_share (tenant_id, award_id, model, gpus, customer_share_pct,
                                     starts_at, ends_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            on conflict (award_id) do nothing\
            """,
            grant.tenantId().value(),
            grant.awardId().value(),
            grant.model(),
            grant.gpus(),
            grant.customerSharePct(),
            Rows.param(from),
            Rows.param(grant.windowEnd()))
        .replaceWithVoid();
  }

  private static Uni<Void> ended(Mutiny.Session s, Instant at, GrantFact grant) {
    return Sql.update(
            s,
            """
            update grant_share set ends_at = greatest(starts_at, least(ends_at, ?2)),
              version = version + 1
            where award_id = ?1\
            """,
            grant.awardId().value(),
            Rows.param(at))
        .replaceWithVoid();
  }

  /** Those of the tenants, oldest first. */
  public Uni<List<GrantShare>> of(Mutiny.Session s, Collection<UUID> tenants) {
    return Rows.select(
            s,
            """
            select cast(tenant_id as text), cast(award_id as text), model, gpus,
                   customer_share_pct, millis(starts_at), millis(ends_at)
            from grant_share
            where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
              and starts_at < ends_at
            order by starts_at, award_id\
            """,
            Rows.param(tenants))
        .map(rows -> rows.stream().map(GrantShares::share).toList());
  }

  private static GrantShare share(Row r) {
    return new GrantShare(
        new GrantAwardId(r.uuid(1)).toString(),
        new TenantId(r.uuid(0)),
        r.text(2),
        Rational.of(r.number(3)),
        Rational.of(r.number(4)),
        new Term(r.instant(5), r.instant(6)));
  }
}
