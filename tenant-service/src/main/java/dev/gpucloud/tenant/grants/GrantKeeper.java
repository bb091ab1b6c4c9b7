package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.grants.Agreements.Held;
import dev.gpucloud.tenant.grants.GrantAward.State;
import dev.gpucloud.tenant.grants.engine.UseItOrLoseIt;
import dev.gpucloud.tenant.usage.GpuUsage;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Carries awards on as business time passes: offers lapse, windows begin and end, and who does not
 * use what it was given is told, and then loses it to the next in rank; who is closed loses it
 * without a notice. Each award is a transaction of its own that looks again under the locks, so
 * that replicas may do the same.
 */
@ApplicationScoped
class GrantKeeper {
  private static final Logger LOG = Logger.getLogger(GrantKeeper.class);
  private static final String DUE =
      """
      select w.id from grant_award w join grant_call c on c.id = w.call_id
      left join tenant t on t.tenant_id = w.tenant_id
      where %s
        or w.state = 'OFFERED' and w.accept_by <= ?1
        or w.state = 'ACCEPTED' and c.window_from <= ?1
        or w.state in ('ACTIVE', 'NOTICED') and (c.window_to <= ?1
          or c.min_use_pct > 0 and ?1 >= case when w.noticed_at is null
            then w.measured_from + make_interval(days => c.use_window_days)
            else w.noticed_at + make_interval(days => c.notice_days) end)
      order by w.id limit ?2"""
          .formatted(ClosedTenants.GIVES_UP);
  private static final String IS_CLOSED =
      """
      select 1 from grant_award w join tenant t on t.tenant_id = w.tenant_id
      where w.id = ?1 and (%s)"""
          .formatted(ClosedTenants.GIVES_UP);
  private static final String AWARDED =
      """
      select cast(coalesce(sum(gpus), 0) as bigint) from grant_award
      where tenant_id = ?1 and model = ?2 and state in ('ACTIVE', 'NOTICED')""";
  private final Transactions transactions;
  private final Agreements agreements;
  private final AwardRepository awards;
  private final GpuUsage usage;
  private final GrantConfig config;

  GrantKeeper(
      Transactions transactions,
      Agreements agreements,
      AwardRepository awards,
      GpuUsage usage,
      GrantConfig config) {
    this.transactions = transactions;
    this.agreements = agreements;
    this.awards = awards;
    this.usage = usage;
    this.config = config;
  }

  @Scheduled(
      every = "${gpucloud.grants.check}",
      delayed = "3s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return transactions
        .asSystem(s -> Sql.rows(s, DUE, awards.now(), config.batchSize()))
        .chain(this::carryOn)
        .onFailure()
        .invoke(f -> LOG.warnf("awards are not looked at: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> carryOn(List<Object[]> due) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Object[] row : due) {
      done = done.chain(() -> carryOn((UUID) row[0]));
    }
    return done;
  }

  /** One that cannot be carried on, as its tenant has no room above, stays as it is. */
  private Uni<Void> carryOn(UUID award) {
    return transactions
        .asSystem(s -> agreements.hold(s, award).chain(held -> giveUpOrStep(s, held)))
        .onFailure()
        .invoke(f -> LOG.warnf("award gaw_%s stays for now: %s", award, f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> giveUpOrStep(Mutiny.Session s, Held held) {
    return Sql.rows(s, IS_CLOSED, held.award().id())
        .chain(
            rows ->
                rows.isEmpty()
                    ? step(s, held)
                    : agreements.giveUpOfClosed(s, held).replaceWithVoid());
  }

  private Uni<Void> step(Mutiny.Session s, Held held) {
    Instant now = awards.now();
    GrantAward award = held.award();
    boolean over = !now.isBefore(held.call().terms().windowEnd());
    return switch (award.state()) {
      case OFFERED ->
          award.acceptBy() != null && now.isBefore(award.acceptBy())
              ? Uni.createFrom().voidItem()
              : agreements.giveUp(s, held, State.LAPSED, EventTypes.GRANT_LAPSED).replaceWithVoid();
      case ACCEPTED ->
          over
              ? agreements.giveUp(s, held, State.ENDED, EventTypes.GRANT_ENDED).replaceWithVoid()
              : agreements.begin(s, held).replaceWithVoid();
      case ACTIVE, NOTICED ->
          over
              ? agreements.giveUp(s, held, State.ENDED, EventTypes.GRANT_ENDED).replaceWithVoid()
              : measure(s, held, now);
      case PROPOSED, ENDED, DECLINED, LAPSED, CLAWED_BACK -> Uni.createFrom().voidItem();
    };
  }

  private Uni<Void> measure(Mutiny.Session s, Held held, Instant now) {
    GrantAward award = held.award();
    UseItOrLoseIt rule = held.call().use();
    Instant from = Objects.requireNonNull(award.measuredFrom());
    UseItOrLoseIt.Span span = rule.due(from, award.noticedAt(), now);
    if (span == null || rule.minPct() == 0) {
      return Uni.createFrom().voidItem();
    }
    UUID tenant = Objects.requireNonNull(award.tenant());
    return Sql.rows(s, AWARDED, tenant, award.model())
        .map(rows -> ((Number) rows.getFirst()[0]).intValue())
        .chain(
            gpus ->
                usage
                    .seconds(
                        s, new GpuUsage.Of(tenant, null, award.model()), span.from(), span.to())
                    .chain(used -> act(s, held, new Measured(span, gpus, used))));
  }

  /** GPU-seconds used in a span of all that the tenant was awarded of the model. */
  private record Measured(UseItOrLoseIt.Span span, int gpus, long usedSeconds) {}

  private Uni<Void> act(Mutiny.Session s, Held held, Measured measured) {
    GrantAward award = held.award();
    UseItOrLoseIt.Span span = measured.span();
    int pct = UseItOrLoseIt.usedPct(span, measured.gpus(), measured.usedSeconds());
    Instant from = span.to();
    return switch (held.call()
        .use()
        .act(award.noticedAt() != null, span, measured.gpus(), measured.usedSeconds())) {
      case NONE -> awards.update(s, award.measured(State.ACTIVE, pct, from, null));
      case NOTICE ->
          tell(
              s,
              held,
              award.measured(State.NOTICED, pct, from, awards.now()),
              EventTypes.GRANT_NOTICED);
      case LIFT_NOTICE ->
          tell(
              s,
              held,
              award.measured(State.ACTIVE, pct, from, null),
              EventTypes.GRANT_NOTICE_LIFTED);
      case CLAW_BACK ->
          awards
              .update(s, award.measured(State.NOTICED, pct, from, award.noticedAt()))
              .chain(
                  () ->
                      agreements.giveUp(
                          s,
                          new Held(
                              held.call(),
                              award.measured(State.NOTICED, pct, from, award.noticedAt())),
                          State.CLAWED_BACK,
                          EventTypes.GRANT_CLAWED_BACK))
              .replaceWithVoid();
    };
  }

  private Uni<Void> tell(Mutiny.Session s, Held held, GrantAward after, String type) {
    return awards.update(s, after).chain(() -> awards.tell(s, held.call(), after, type));
  }
}
