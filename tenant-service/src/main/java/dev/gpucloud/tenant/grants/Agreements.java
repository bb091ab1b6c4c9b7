package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.grants.GrantAward.EndReason;
import dev.gpucloud.tenant.grants.GrantAward.State;
import dev.gpucloud.tenant.quotas.QuotaRepository;
import dev.gpucloud.tenant.quotas.QuotaScope;
import dev.gpucloud.tenant.quotas.QuotaSetter;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant agrees to: it accepts an award before its deadline, or declines it; its limit is
 * raised for the window and lowered after. Every step holds the tree's lock and the call's.
 */
@ApplicationScoped
class Agreements {
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final QuotaRepository quotas;
  private final QuotaSetter setter;
  private final GrantCalls calls;
  private final GrantAwards given;
  private final AwardRepository awards;
  private final Audit audit;

  Agreements(
      Transactions transactions,
      TenantRepository tenants,
      QuotaRepository quotas,
      QuotaSetter setter,
      GrantCalls calls,
      GrantAwards given,
      AwardRepository awards,
      Audit audit) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.quotas = quotas;
    this.setter = setter;
    this.calls = calls;
    this.given = given;
    this.awards = awards;
    this.audit = audit;
  }

  /** An award with its call, both locked. */
  record Held(GrantCall call, GrantAward award) {}

  /** The award as it is once nobody else can change it. */
  Uni<Held> hold(Mutiny.Session s, UUID id) {
    return tenants
        .lockTree(s)
        .chain(() -> awards.load(s, id))
        .chain(award -> calls.lock(s, "gcl_" + award.call()))
        .chain(call -> awards.load(s, id).map(award -> new Held(call, award)));
  }

  /** The owner accepts; the limit is raised at once when the window has begun. */
  Uni<GrantAwardView> accept(TenantId tenant, String id, @Nullable String ifMatch) {
    return transactions.asPlatform(
        s ->
            offered(s, tenant, id, ifMatch)
                .call(() -> requireStaying(s, tenant))
                .chain(
                    held -> {
                      GrantAward accepted = held.award().enter(State.ACCEPTED);
                      return awards
                          .update(s, accepted)
                          .chain(
                              () ->
                                  awards.tell(s, held.call(), accepted, EventTypes.GRANT_ACCEPTED))
                          .chain(() -> begin(s, new Held(held.call(), accepted)))
                          .call(after -> told(s, "accept", held.award(), after));
                    })
                .map(GrantAwardView::of));
  }

  /** The owner declines; the GPUs go to the next in rank. */
  Uni<GrantAwardView> decline(TenantId tenant, String id, @Nullable String ifMatch) {
    return transactions.asPlatform(
        s ->
            offered(s, tenant, id, ifMatch)
                .chain(
                    held ->
                        giveUp(s, held, State.DECLINED, EventTypes.GRANT_DECLINED)
                            .call(after -> told(s, "decline", held.award(), after)))
                .map(GrantAwardView::of));
  }

  private Uni<Void> requireStaying(Mutiny.Session s, TenantId id) {
    return tenants
        .find(s, id)
        .invoke(tenant -> Objects.requireNonNull(tenant).requireStaying("accepts no awards"))
        .replaceWithVoid();
  }

  private Uni<Void> told(Mutiny.Session s, String verb, GrantAward before, GrantAward after) {
    return audit.changed(
        s,
        AuditChange.of("tenant.grant-award." + verb, "grant-award", "gaw_" + after.id())
            .at(after.tenantId())
            .from(GrantAwardView.of(before))
            .to(GrantAwardView.of(after)));
  }

  private Uni<Held> offered(
      Mutiny.Session s, TenantId tenant, String id, @Nullable String ifMatch) {
    return hold(s, AwardRepository.parse(id))
        .invoke(
            held -> {
              GrantAward award = held.award();
              if (!tenant.value().equals(award.tenant()) || award.state() == State.PROPOSED) {
                throw Refusals.notFound("award");
              }
              ETags.require(ifMatch, award.version());
              boolean late = award.acceptBy() == null || !awards.now().isBefore(award.acceptBy());
              if (award.state() != State.OFFERED || late) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        "The award is %s; it could be accepted before %s."
                            .formatted(award.state(), award.acceptBy()))
                    .with("state", award.state());
              }
            });
  }

  /** Raises the limit of an accepted award once its window has begun. */
  Uni<GrantAward> begin(Mutiny.Session s, Held held) {
    Instant now = awards.now();
    if (now.isBefore(held.call().terms().windowStart())) {
      return Uni.createFrom().item(held.award());
    }
    return raise(s, held.award())
        .map(byGpus -> held.award().raised(byGpus, now))
        .call(active -> awards.update(s, active))
        .call(active -> awards.tell(s, held.call(), active, EventTypes.GRANT_STARTED));
  }

  /** Through the way of every quota; answers by how much, 0 where there is no limit to raise. */
  private Uni<Integer> raise(Mutiny.Session s, GrantAward award) {
    QuotaScope scope = QuotaScope.of(award.tenantId());
    return tenants
        .find(s, award.tenantId())
        .map(Objects::requireNonNull)
        .chain(
            tenant ->
                quotas
                    .find(s, scope, award.model())
                    .chain(
                        quota -> {
                          if (quota != null && quota.limitGpus() == null) {
                            return Uni.createFrom().item(0);
                          }
                          QuotaTerms before = quota == null ? QuotaTerms.limit(0) : quota.terms();
                          return setter
                              .set(
                                  s,
                                  quota,
                                  new QuotaSetter.Wish(
                                      tenant,
                                      scope,
                                      award.model(),
                                      before.raised(award.gpus()),
                                      QuotaSetter.Reader.MEMBER))
                              .replaceWith(award.gpus());
                        }));
  }

  /** Lowers the limit by what it was raised, and gives the GPUs to the next while there is time. */
  Uni<GrantAward> giveUp(Mutiny.Session s, Held held, State end, String type) {
    return giveUp(s, held, held.award().over(end, null), type);
  }

  /** Ends what a closed tenant holds: an offer lapses, anything else ends. */
  Uni<GrantAward> giveUpOfClosed(Mutiny.Session s, Held held) {
    boolean isOffer = held.award().state() == State.OFFERED;
    GrantAward ended =
        held.award().over(isOffer ? State.LAPSED : State.ENDED, EndReason.TENANT_CLOSED);
    return giveUp(s, held, ended, isOffer ? EventTypes.GRANT_LAPSED : EventTypes.GRANT_ENDED);
  }

  private Uni<GrantAward> giveUp(Mutiny.Session s, Held held, GrantAward ended, String type) {
    GrantAward award = held.award();
    boolean timeLeft = awards.now().isBefore(held.call().terms().windowEnd());
    return lower(s, award)
        .chain(() -> awards.update(s, ended))
        .chain(() -> awards.tell(s, held.call(), ended, type))
        .chain(
            () ->
                timeLeft
                    ? given.giveAgain(s, held.call())
                    : awards.countPools(s, held.call().id().value()))
        .replaceWith(ended);
  }

  private Uni<Void> lower(Mutiny.Session s, GrantAward award) {
    if (award.raisedGpus() == 0) {
      return Uni.createFrom().voidItem();
    }
    return quotas
        .find(s, QuotaScope.of(award.tenantId()), award.model())
        .chain(
            quota ->
                quota == null || quota.limitGpus() == null
                    ? Uni.createFrom().voidItem()
                    : setter.lower(s, quota, award.raisedGpus()));
  }
}
