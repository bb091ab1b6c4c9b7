package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.grants.engine.AwardEngine;
import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.grants.engine.Candidate;
import dev.gpucloud.tenant.grants.engine.Pot;
import dev.gpucloud.tenant.grants.engine.Verdict;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Proposes awards, lets a person change and confirm them, and gives again what comes back. */
@ApplicationScoped
class GrantAwards {
  private static final String KEEP_VERDICTS =
      """
      update grant_application a
      set rank = v.rank, points_millis = v.points, explanation = v.explanation,
        version = a.version + 1
      from json_to_recordset(cast(cast(?1 as text) as json))
        as v(id uuid, rank int, points bigint, explanation text)
      where a.id = v.id""";
  private static final String DECIDE =
      """
      update grant_application a set version = a.version + 1,
        state = case when exists (select 1 from grant_award w where w.application_id = a.id)
                then 'AWARDED' else 'REFUSED' end
      where a.call_id = ?1 and a.state = 'SUBMITTED'""";
  private static final String REFUSED =
      """
      select id, tenant_id, subject, model, asked_gpus from grant_application
      where call_id = ?1 and state = 'REFUSED' order by id""";
  private final Transactions transactions;
  private final GrantCalls calls;
  private final Candidates candidates;
  private final AwardRepository awards;
  private final Notifications notifications;
  private final Audit audit;
  private final ObjectMapper json;

  GrantAwards(
      Transactions transactions,
      GrantCalls calls,
      Candidates candidates,
      AwardRepository awards,
      Notifications notifications,
      Audit audit,
      ObjectMapper json) {
    this.transactions = transactions;
    this.calls = calls;
    this.candidates = candidates;
    this.awards = awards;
    this.notifications = notifications;
    this.audit = audit;
    this.json = json;
  }

  /** What the engine proposes. */
  @Schema(name = "GrantProposal")
  record Proposal(int applications, int awards, Map<String, Integer> gpus, long callVersion) {}

  /** Runs the engine on the applications and reviews there are; a proposal of before is dropped. */
  Uni<Proposal> propose(String callName) {
    return transactions.asPlatform(s -> calls.lock(s, callName).chain(call -> propose(s, call)));
  }

  private Uni<Proposal> propose(Mutiny.Session s, GrantCall call) {
    requireNotConfirmed(call);
    call.requireApplicationsOver(awards.now());
    return candidates
        .submitted(s, call)
        .chain(
            found -> {
              List<Verdict> verdicts = AwardEngine.award(call.rules(), found.candidates());
              return awards
                  .deleteProposed(s, call.id().value())
                  .chain(() -> Sql.update(s, KEEP_VERDICTS, write(verdicts)))
                  .chain(() -> insert(s, call, found, verdicts))
                  .chain(() -> awards.countPools(s, call.id().value()))
                  .chain(() -> calls.enter(s, call, GrantCall.State.PROPOSED))
                  .replaceWith(proposal(call, found, verdicts))
                  .call(proposal -> told(s, "propose", call, proposal));
            });
  }

  private static Proposal proposal(GrantCall call, Candidates.Found found, List<Verdict> verdicts) {
    Map<String, Integer> gpus = new HashMap<>();
    call.rules().poolGpus().keySet().forEach(model -> gpus.put(model, 0));
    verdicts.forEach(v -> gpus.merge(found.byId(v.application()).model(), v.gpus(), Integer::sum));
    int awarded = (int) verdicts.stream().filter(Verdict::awarded).count();
    return new Proposal(verdicts.size(), awarded, gpus, call.version() + 1);
  }

  private static void requireNotConfirmed(GrantCall call) {
    if (call.state() == GrantCall.State.CONFIRMED) {
      throw ProblemType.STATE_CONFLICT
          .because("The awards of the call are confirmed.")
          .with("state", call.state());
    }
  }

  private Uni<Void> insert(
      Mutiny.Session s, GrantCall call, Candidates.Found found, List<Verdict> verdicts) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Verdict v : verdicts) {
      if (v.awarded()) {
        Candidate c = found.byId(v.application());
        done =
            done.chain(
                () ->
                    awards.insert(
                        s, award(call, c, found.tenant(c.id()), v.gpus(), v.explanation())));
      }
    }
    return done;
  }

  private static GrantAward award(
      GrantCall call, Candidate c, @Nullable UUID tenant, int gpus, String explanation) {
    return new GrantAward(
        Ids.next(),
        call.id().value(),
        c.id(),
        tenant,
        c.model(),
        gpus,
        GrantAward.State.PROPOSED,
        null,
        0,
        null,
        null,
        null,
        explanation,
        null,
        1);
  }

  private String write(List<Verdict> verdicts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Verdict v : verdicts) {
      Map<String, Object> row = new HashMap<>();
      row.put("id", v.application());
      row.put("rank", v.rank() == 0 ? null : v.rank());
      row.put("points", v.pointsMillis());
      row.put("explanation", v.explanation());
      rows.add(row);
    }
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  Uni<Page<GrantAwardView>> listOfCall(String callName, PageRequest page) {
    return transactions.asPlatform(
        s -> calls.load(s, callName).chain(call -> page(s, false, call.id().value(), page)));
  }

  Uni<Page<GrantAwardView>> listOfTenant(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, s -> page(s, true, tenant.value(), page));
  }

  private Uni<Page<GrantAwardView>> page(
      Mutiny.Session s, boolean ofTenant, UUID whose, PageRequest page) {
    UUID after = page.afterId().orElse(new UUID(0, 0));
    return awards
        .page(s, ofTenant, whose, after, page.limit())
        .map(
            found ->
                page.page(found, GrantAwardView::of, award -> Map.of("id", award.id().toString())));
  }

  /** Another number of GPUs for a proposed award. */
  @Schema(
      name = "AdjustGrantAward",
      examples =
          """
          {
            "gpus": 24,
            "reason": "Three hosts of this model come in March."
          }""")
  record Adjustment(
      @Schema(required = true, minimum = "0", description = "0 takes the proposal away.")
          @Nullable Integer gpus,
      @Schema(required = true, maxLength = 1000, description = "Stands in the explanation.")
          @Nullable String reason) {
    void check() {
      var violations = new Violations();
      if (gpus == null || gpus < 0) {
        violations.add("/gpus", "expected 0 or more GPUs");
      }
      if (reason == null || !Texts.isPrintable(reason, 1000)) {
        violations.add("/reason", "expected 1 to 1000 printable characters");
      }
      Refusals.throwIfAny(violations);
    }
  }

  /** A person changes what is proposed, within the pool; answers nothing when it is taken away. */
  Uni<GrantAwardView> adjust(String id, Adjustment adjustment, @Nullable String ifMatch) {
    UUID award = AwardRepository.parse(id);
    return transactions.asPlatform(
        s ->
            awards
                .load(s, award)
                .chain(before -> calls.lock(s, "gcl_" + before.call()))
                .chain(call -> adjust(s, call, award, adjustment, ifMatch)));
  }

  private Uni<GrantAwardView> adjust(
      Mutiny.Session s, GrantCall call, UUID id, Adjustment adjustment, @Nullable String ifMatch) {
    return awards
        .ofCall(s, call.id().value())
        .chain(
            all -> {
              GrantAward before =
                  all.stream()
                      .filter(w -> w.id().equals(id))
                      .findFirst()
                      .orElseThrow(() -> Refusals.notFound("award"));
              ETags.require(ifMatch, before.version());
              requireNotConfirmed(call);
              adjustment.check();
              int gpus = adjustment.gpus() == null ? 0 : adjustment.gpus();
              requireRoom(call, all, before, gpus);
              return write(s, adjusted(before, gpus, adjustment))
                  .call(() -> awards.countPools(s, call.id().value()))
                  .call(after -> told(s, "adjust", before, gpus == 0 ? null : after))
                  .map(GrantAwardView::of);
            });
  }

  /** The applicant reads the same words as the award's. */
  private Uni<GrantAward> write(Mutiny.Session s, GrantAward after) {
    Uni<Void> written = after.gpus() == 0 ? awards.delete(s, after.id()) : awards.update(s, after);
    return written
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update grant_application set explanation = ?2, version = version + 1
                    where id = ?1""",
                    after.application(),
                    after.explanation()))
        .replaceWith(after);
  }

  private static GrantAward adjusted(GrantAward before, int gpus, Adjustment adjustment) {
    return new GrantAward(
        before.id(),
        before.call(),
        before.application(),
        before.tenant(),
        before.model(),
        gpus,
        before.state(),
        null,
        0,
        null,
        null,
        null,
        "%d GPUs instead of %d by hand: %s".formatted(gpus, before.gpus(), adjustment.reason()),
        null,
        before.version() + 1);
  }

  private static void requireRoom(
      GrantCall call, List<GrantAward> all, GrantAward before, int gpus) {
    int pool = call.rules().poolGpus().getOrDefault(before.model(), 0);
    int others =
        all.stream()
            .filter(w -> w.state().stands() && w.model().equals(before.model()))
            .filter(w -> !w.id().equals(before.id()))
            .mapToInt(GrantAward::gpus)
            .sum();
    var violations = new Violations();
    if (call.rules().wholeHosts() && gpus % CallRules.HOST_GPUS != 0) {
      violations.add("/gpus", "expected whole hosts of " + CallRules.HOST_GPUS + " GPUs");
    }
    if (gpus > pool - others) {
      violations.add(
          "/gpus",
          "%d GPUs of %s are above what the pool of %d has left beside %d: %d"
              .formatted(gpus, before.model(), pool, others, pool - others));
    }
    Refusals.throwIfAny(ProblemType.UNPROCESSABLE, violations);
  }

  /** A person confirms what is proposed: it is offered, and who got nothing is told so. */
  Uni<GrantCallView> confirm(String callName, @Nullable String ifMatch) {
    return transactions.asPlatform(
        s -> calls.lock(s, callName).chain(call -> confirm(s, call, ifMatch)));
  }

  private Uni<GrantCallView> confirm(Mutiny.Session s, GrantCall call, @Nullable String ifMatch) {
    ETags.require(ifMatch, call.version());
    if (call.state() != GrantCall.State.PROPOSED) {
      throw ProblemType.STATE_CONFLICT
          .because("The call is " + call.state() + "; there are no proposed awards to confirm.")
          .with("state", call.state());
    }
    call.requireApplicationsOver(awards.now());
    Instant acceptBy = call.acceptBy(awards.now());
    return Sql.update(s, DECIDE, call.id().value())
        .chain(() -> awards.ofCall(s, call.id().value()))
        .chain(all -> offer(s, call, all, acceptBy))
        .chain(() -> notifyRefused(s, call))
        .chain(() -> calls.enter(s, call, GrantCall.State.CONFIRMED))
        .chain(() -> told(s, "confirm", call, null))
        .chain(() -> calls.load(s, call.id().toString()))
        .map(GrantCallView::of);
  }

  /** A call as the audit log shows it, with what was proposed if it was. */
  private record Told(GrantCallView call, @Nullable Proposal proposal) {}

  private Uni<Void> told(
      Mutiny.Session s, String verb, GrantCall before, @Nullable Proposal proposal) {
    return calls
        .load(s, before.id().toString())
        .chain(
            after ->
                audit.changed(
                    s,
                    GrantCalls.change(verb, before.id())
                        .from(new Told(GrantCallView.of(before), null))
                        .to(new Told(GrantCallView.of(after), proposal))));
  }

  private Uni<Void> told(
      Mutiny.Session s, String verb, GrantAward before, @Nullable GrantAward after) {
    return audit.changed(
        s,
        AuditChange.of("tenant.grant-award." + verb, "grant-award", "gaw_" + before.id())
            .at(before.tenant() == null ? null : before.tenantId())
            .from(GrantAwardView.of(before))
            .to(after == null ? null : GrantAwardView.of(after)));
  }

  private Uni<Void> notifyRefused(Mutiny.Session s, GrantCall call) {
    return Sql.rows(s, REFUSED, call.id().value())
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Object[] row : rows) {
                done = done.chain(() -> notifications.tell(s, refused(call, row)));
              }
              return done;
            });
  }

  private Notice refused(GrantCall call, Object[] row) {
    return Notice.of(
            NotificationKind.GRANT_REFUSED,
            row[1] == null ? null : new TenantId((UUID) row[1]),
            new GrantApplicationId((UUID) row[0]).toString(),
            awards.now())
        .person((String) row[2])
        .with("programme", call.terms().name())
        .with("model", row[3])
        .with("gpus", row[4]);
  }

  private Uni<Void> offer(
      Mutiny.Session s, GrantCall call, List<GrantAward> all, Instant acceptBy) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (GrantAward award : all) {
      if (award.state() == GrantAward.State.PROPOSED) {
        GrantAward offered = offered(award, acceptBy);
        done =
            done.chain(() -> awards.update(s, offered))
                .chain(() -> awards.tell(s, call, offered, EventTypes.GRANT_OFFERED))
                .chain(() -> told(s, "offer", award, offered));
      }
    }
    return done;
  }

  private static GrantAward offered(GrantAward award, Instant acceptBy) {
    return new GrantAward(
        award.id(),
        award.call(),
        award.application(),
        award.tenant(),
        award.model(),
        award.gpus(),
        GrantAward.State.OFFERED,
        acceptBy,
        0,
        null,
        null,
        null,
        award.explanation(),
        null,
        award.version() + 1);
  }

  /**
   * Offers what a call has left to the best of those refused to whom it is of use, until it is of
   * use to nobody. Who lost an award of the call for not using it is passed over. The caller holds
   * the call's lock.
   */
  Uni<Void> giveAgain(Mutiny.Session s, GrantCall call) {
    return awards
        .countPools(s, call.id().value())
        .chain(() -> candidates.refused(s, call))
        .chain(refused -> candidates.pot(s, call).chain(pot -> giveAgain(s, call, refused, pot)));
  }

  private Uni<Void> giveAgain(Mutiny.Session s, GrantCall call, Candidates.Found refused, Pot pot) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Candidate c : refused.candidates()) {
      Pot.Offer offer = pot.offer(c);
      if (offer.gpus() > 0) {
        pot.take(c, offer.gpus());
        String words = "%d GPUs given again after others gave them up.".formatted(offer.gpus());
        GrantAward award =
            offered(
                award(call, c, refused.tenant(c.id()), offer.gpus(), words),
                call.acceptBy(awards.now()));
        done = done.chain(() -> offerAgain(s, call, award));
      }
    }
    return done.chain(() -> awards.countPools(s, call.id().value()));
  }

  private Uni<Void> offerAgain(Mutiny.Session s, GrantCall call, GrantAward award) {
    return awards
        .insert(s, award)
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update grant_application
                    set state = 'AWARDED', explanation = ?2, version = version + 1
                    where id = ?1""",
                    award.application(),
                    award.explanation()))
        .chain(() -> awards.tell(s, call, award, EventTypes.GRANT_OFFERED));
  }
}
