package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes the scores of a call's reviewers: each once for an application, and none for their own. */
@ApplicationScoped
class GrantReviews {
  /** Of a member m and an application a: is one, or was one not long enough before the call. */
  private static final String BELONGS =
      """
      (m.active or not m.active and m.updated_at >= (
        select c.created_at - interval '12 months' from grant_call c where c.id = a.call_id))""";

  /**
   * Whether a person belongs to an application: made it, or is a member of its tenant, of one of
   * its business number, or of one above or below these, or was one at any time since twelve months
   * before the call was opened; an ended membership stays as a row of that time. The number counts
   * as it does for the cap, so that who applies without a tenant is not judged by its own people
   * either.
   */
  static final String CONFLICT =
      """
      (a.subject = %1$s or exists (
        with recursive up as (
          select t.tenant_id, t.parent_id, t.business_number
          from member m join tenant t on t.tenant_id = m.tenant_id
          where m.subject = %1$s and BELONGS
          union
          select p.tenant_id, p.parent_id, p.business_number
          from up join tenant p on p.tenant_id = up.parent_id
        ), down as (
          select t.tenant_id, t.business_number
          from member m join tenant t on t.tenant_id = m.tenant_id
          where m.subject = %1$s and BELONGS
          union
          select t.tenant_id, t.business_number
          from down join tenant t on t.parent_id = down.tenant_id
        )
        select 1
        from (select tenant_id, business_number from up
          union all select tenant_id, business_number from down) own
        where own.tenant_id = a.tenant_id
          or own.business_number = coalesce(a.business_number,
            (select t.business_number from tenant t where t.tenant_id = a.tenant_id))))"""
          .replace("BELONGS", BELONGS);

  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  GrantReviews(Audit audit, Caller caller, @Business InstantSource clock) {
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** A score of an application. */
  @Schema(
      name = "ReviewGrantApplication",
      examples =
          """
          {"points": 82, "comment": "A sound plan by an experienced team."}""")
  record Review(
      @Schema(required = true, minimum = "0", maximum = "100") @Nullable Integer points,
      @Schema(maxLength = ApplyRequest.MAX_TEXT) @Nullable String comment) {
    void check() {
      var violations = new Violations();
      if (points == null || points < 0 || points > 100) {
        violations.add("/points", "expected 0 to 100 points");
      }
      if (comment != null && !Texts.isPrintable(comment, ApplyRequest.MAX_TEXT)) {
        violations.add(
            "/comment", "expected 1 to " + ApplyRequest.MAX_TEXT + " printable characters");
      }
      Refusals.throwIfAny(violations);
    }
  }

  /** Keeps the caller's review of an application of a call that the transaction has locked. */
  Uni<Void> review(Mutiny.Session s, GrantCall call, String id, Review review) {
    UUID application = GrantApplications.parse(id);
    return requirePanel(s, call, "application")
        .chain(
            () ->
                Sql.rows(
                    s,
                    "select a.state, "
                        + CONFLICT.formatted("?2")
                        + " from grant_application a where a.id = ?1 and a.call_id = ?3",
                    application,
                    caller.subject(),
                    call.id().value()))
        .invoke(rows -> requireJudge(call, rows))
        .invoke(review::check)
        .chain(() -> insert(s, call, application, review));
  }

  /** Who is not on the panel learns nothing of the call's applications. */
  Uni<Void> requirePanel(Mutiny.Session s, GrantCall call, String what) {
    return Sql.rows(
            s,
            "select 1 from grant_reviewer where call_id = ?1 and subject = ?2",
            call.id().value(),
            caller.subject())
        .invoke(
            rows -> {
              if (rows.isEmpty()) {
                throw Refusals.notFound(what);
              }
            })
        .replaceWithVoid();
  }

  static ProblemException conflict() {
    return ProblemType.CONFLICT_OF_INTEREST.because(
        "You belong to the applicant: you applied, or are a member of its tenant, its group or of a"
            + " tenant of its business number, or were one since twelve months before the call was"
            + " opened.");
  }

  private static void requireJudge(GrantCall call, List<Object[]> rows) {
    if (rows.isEmpty()) {
      throw Refusals.notFound("application");
    }
    if (Boolean.TRUE.equals(rows.getFirst()[1])) {
      throw conflict();
    }
    if (!rows.getFirst()[0].equals("SUBMITTED") || call.state() != GrantCall.State.OPEN) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The application is %s and its call %s; it is reviewed while SUBMITTED in an OPEN call."
                  .formatted(rows.getFirst()[0], call.state()))
          .with("state", rows.getFirst()[0])
          .with("callState", call.state());
    }
  }

  private Uni<Void> insert(Mutiny.Session s, GrantCall call, UUID application, Review review) {
    return Sql.update(
            s,
            """
            insert into grant_review
              (application_id, call_id, reviewer, points, comment, created_at)
            values (?1, ?2, ?3, ?4, cast(?5 as text), ?6)
            on conflict (application_id, reviewer) do nothing""",
            application,
            call.id().value(),
            caller.subject(),
            review.points(),
            review.comment(),
            clock.instant())
        .invoke(
            inserted -> {
              if (inserted == 0) {
                throw ProblemType.ALREADY_EXISTS.because(
                    "You have reviewed this application; each reviewer does so once.");
              }
            })
        .chain(() -> audit.changed(s, told(call, application, review)));
  }

  /** A review as the audit log shows it. */
  private record Told(
      GrantCallId call,
      GrantApplicationId application,
      String reviewer,
      @Nullable Integer points,
      @Nullable String comment) {}

  /** Of no tenant, so that applicants do not read who gave them how many points. */
  private AuditChange told(GrantCall call, UUID application, Review review) {
    var id = new GrantApplicationId(application);
    return AuditChange.of("tenant.grant-review.create", "grant-application", id.toString())
        .to(new Told(call.id(), id, caller.subject(), review.points(), review.comment()));
  }
}
