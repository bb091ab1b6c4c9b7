package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.GrantFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of awards and the events that tell their changes. Writers hold the call's lock. */
@ApplicationScoped
class AwardRepository {
  private static final String INSERT =
      """
      insert into grant_award (id, call_id, application_id, tenant_id, model, gpus, state,
        accept_by, explanation, version, created_at, updated_at)
      values (?1, ?2, ?3, cast(cast(?4 as text) as uuid), ?5, ?6, ?7,
        cast(cast(?8 as text) as timestamptz), ?9, ?10, ?11, ?11)""";
  private static final String UPDATE =
      """
      update grant_award set gpus = ?2, state = ?3, accept_by = cast(cast(?4 as text) as timestamptz),
        raised_gpus = ?5, measured_from = cast(cast(?6 as text) as timestamptz),
        noticed_at = cast(cast(?7 as text) as timestamptz), used_pct = cast(cast(?8 as text) as int),
        explanation = ?9, version = ?10, updated_at = ?11, end_reason = cast(?12 as text)
      where id = ?1 and version = ?10 - 1""";
  private static final String COUNT_POOLS =
      """
      update grant_pool p set given = coalesce((
        select sum(w.gpus) from grant_award w
        where w.call_id = p.call_id and w.model = p.model and w.%s), 0)
      where p.call_id = ?1"""
          .formatted(GrantAward.STANDING);
  private final Outbox outbox;
  private final AwardNotices notices;
  private final Audit audit;
  private final InstantSource clock;

  AwardRepository(Outbox outbox, AwardNotices notices, Audit audit, @Business InstantSource clock) {
    this.outbox = outbox;
    this.audit = audit;
    this.notices = notices;
    this.clock = clock;
  }

  Uni<List<GrantAward>> ofCall(Mutiny.Session s, UUID call) {
    return Sql.rows(
            s,
            "select "
                + GrantAward.COLUMNS
                + "from grant_award w where w.call_id = ?1 order by w.id",
            call)
        .map(rows -> rows.stream().map(GrantAward::of).toList());
  }

  Uni<List<GrantAward>> page(
      Mutiny.Session s, boolean ofTenant, UUID whose, UUID after, int limit) {
    return Sql.rows(
            s,
            "select "
                + GrantAward.COLUMNS
                + "from grant_award w where "
                + (ofTenant ? "w.tenant_id = ?1 and w.state <> 'PROPOSED'" : "w.call_id = ?1")
                + " and w.id > ?2 order by w.id limit ?3",
            whose,
            after,
            limit)
        .map(rows -> rows.stream().map(GrantAward::of).toList());
  }

  /** The award; fails with NOT_FOUND. */
  Uni<GrantAward> load(Mutiny.Session s, UUID id) {
    return Sql.rows(s, "select " + GrantAward.COLUMNS + "from grant_award w where w.id = ?1", id)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw Refusals.notFound("award");
              }
              return GrantAward.of(rows.getFirst());
            });
  }

  Uni<Void> insert(Mutiny.Session s, GrantAward award) {
    return Sql.update(
            s,
            INSERT,
            award.id(),
            award.call(),
            award.application(),
            text(award.tenant()),
            award.model(),
            award.gpus(),
            award.state().name(),
            text(award.acceptBy()),
            award.explanation(),
            award.version(),
            clock.instant())
        .replaceWithVoid();
  }

  Uni<Void> update(Mutiny.Session s, GrantAward award) {
    return Sql.update(
            s,
            UPDATE,
            award.id(),
            award.gpus(),
            award.state().name(),
            text(award.acceptBy()),
            award.raisedGpus(),
            text(award.measuredFrom()),
            text(award.noticedAt()),
            text(award.usedPct()),
            award.explanation(),
            award.version(),
            clock.instant(),
            text(award.endReason()))
        .invoke(
            changed -> {
              if (changed != 1) {
                throw new IllegalStateException("award " + award.id() + " changed meanwhile");
              }
            })
        .replaceWithVoid();
  }

  Uni<Void> deleteProposed(Mutiny.Session s, UUID call) {
    return Sql.update(s, "delete from grant_award where call_id = ?1 and state = 'PROPOSED'", call)
        .replaceWithVoid();
  }

  Uni<Void> delete(Mutiny.Session s, UUID id) {
    return Sql.update(s, "delete from grant_award where id = ?1", id).replaceWithVoid();
  }

  /** Counts what is given; the database refuses more than a pool has. */
  Uni<Void> countPools(Mutiny.Session s, UUID call) {
    return Sql.update(s, COUNT_POOLS, call).replaceWithVoid();
  }

  /** Tells an award's change to everybody; before there is a tenant, to who applied alone. */
  Uni<Void> tell(Mutiny.Session s, GrantCall call, GrantAward award, String type) {
    String key = new GrantAwardId(award.id()).toString();
    AuditChange change = AuditChange.of("tenant." + type, "grant-award", key);
    Uni<Void> told =
        award.tenant() == null
            ? audit.changedByItself(s, change.to(GrantAwardView.of(award)))
            : publish(s, award, new Told(type, key, award.fact(call), change));
    return told.chain(() -> notices.tell(s, call, award, type));
  }

  /** What is told of an award that has a tenant. */
  private record Told(String type, String key, GrantFact fact, AuditChange change) {}

  private Uni<Void> publish(Mutiny.Session s, GrantAward award, Told told) {
    return outbox
        .append(
            s,
            new OutboxEvent(
                Ids.next(),
                Topics.GRANTS,
                told.key(),
                told.type(),
                told.key(),
                award.tenantId(),
                award.version(),
                clock.instant(),
                told.fact()))
        .chain(() -> audit.changedByItself(s, told.change().at(award.tenantId()).to(told.fact())));
  }

  static UUID parse(String id) {
    try {
      return GrantAwardId.parse(id).value();
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("award");
    }
  }

  Instant now() {
    return clock.instant();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
