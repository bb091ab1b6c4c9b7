package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes a call until awards are proposed, and says who may review its applications. */
@ApplicationScoped
class GrantCallEdits {
  private static final String CHANGE =
      """
      update grant_call
      set name = ?2, apply_until = ?3, window_from = ?4, window_to = ?5, version = version + 1
      where id = ?1""";
  private static final String SET_REVIEWER =
      """
      insert into grant_reviewer (call_id, subject, name, added_by) values (?1, ?2, ?3, ?4)
      on conflict (call_id, subject) do update set name = excluded.name""";
  private final Transactions transactions;
  private final GrantCalls calls;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  GrantCallEdits(
      Transactions transactions,
      GrantCalls calls,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.calls = calls;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** Applies a merge patch to the version the caller has seen. */
  Uni<GrantCallView> change(String call, @Nullable JsonNode body, @Nullable String ifMatch) {
    var violations = new Violations();
    GrantCallPatch patch = GrantCallPatch.read(body, violations);
    return transactions
        .asPlatform(
            s ->
                calls
                    .lock(s, call)
                    .invoke(before -> ETags.require(ifMatch, before.version()))
                    .invoke(GrantCallEdits::requireOpen)
                    .chain(before -> write(s, before, patched(before, patch, violations))))
        .map(GrantCallView::of);
  }

  private GrantCallTerms patched(GrantCall before, GrantCallPatch patch, Violations violations) {
    GrantCallTerms after = patch.on(before.terms(), clock.instant(), violations);
    Refusals.throwIfAny(violations);
    return after;
  }

  private static void requireOpen(GrantCall call) {
    if (call.state() != GrantCall.State.OPEN) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The call is %s; it is changed only until awards are proposed."
                  .formatted(call.state()))
          .with("state", call.state());
    }
  }

  /** A patch that changes nothing leaves the version alone. */
  private Uni<GrantCall> write(Mutiny.Session s, GrantCall before, GrantCallTerms terms) {
    if (terms.equals(before.terms())) {
      return Uni.createFrom().item(before);
    }
    return Sql.update(
            s,
            CHANGE,
            before.id().value(),
            terms.name(),
            terms.applyUntil(),
            terms.windowStart(),
            terms.windowEnd())
        .chain(() -> calls.load(s, before.id().toString()))
        .call(
            after ->
                audit.changed(
                    s,
                    GrantCalls.change("change", before.id())
                        .from(GrantCallView.of(before))
                        .to(GrantCallView.of(after))));
  }

  /** A reviewer as the audit log shows it. */
  private record Reviewer(String call, String subject, String name) {}

  /** Lets a person review the applications of a call. */
  Uni<Void> setReviewer(String callName, String subject, String name) {
    return transactions.asPlatform(
        s ->
            calls
                .lock(s, callName)
                .chain(
                    call ->
                        Sql.rows(
                                s,
                                """
                                select name from grant_reviewer
                                where call_id = ?1 and subject = ?2""",
                                call.id().value(),
                                subject)
                            .chain(known -> setReviewer(s, call, known, subject, name))));
  }

  private Uni<Void> setReviewer(
      Mutiny.Session s, GrantCall call, List<Object[]> known, String subject, String name) {
    String id = call.id().toString();
    Reviewer before =
        known.isEmpty() ? null : new Reviewer(id, subject, (String) known.getFirst()[0]);
    Reviewer after = new Reviewer(id, subject, name);
    if (after.equals(before)) {
      return Uni.createFrom().voidItem();
    }
    return Sql.update(s, SET_REVIEWER, call.id().value(), subject, name, caller.username())
        .chain(
            () ->
                audit.changed(
                    s,
                    AuditChange.ofAccess("tenant.grant-reviewer.set", "grant-reviewer", subject)
                        .from(before)
                        .to(after)));
  }
}
