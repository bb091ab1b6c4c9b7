package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Shows reviewers what they judge: the applications of their calls but those of their own. */
@ApplicationScoped
class GrantAssignments {
  private static final String ASSIGNED =
      """
      select a.id, c.id as call, c.slug, a.applicant, a.category, a.regional, a.model, a.asked_gpus,
        a.min_gpus, a.purpose, a.state, a.created_at, r.points, r.comment, r.created_at as reviewed
      from grant_reviewer p join grant_call c on c.id = p.call_id
      join grant_application a on a.call_id = c.id
      left join grant_review r on r.application_id = a.id and r.reviewer = p.subject
      where p.subject = ?1 and a.state <> 'WITHDRAWN' and %s""";
  private static final String PAGE =
      ASSIGNED.formatted(
          """
          not %s and a.id > ?2
          and (cast(?3 as text) is null or c.id = cast(cast(?3 as text) as uuid))
          and (cast(?4 as text) is null or (r.points is not null) = cast(cast(?4 as text) as boolean))
          order by a.id limit ?5"""
              .formatted(GrantReviews.CONFLICT.formatted("?1")));
  private static final String ONE = ASSIGNED.formatted("c.id = ?2 and a.id = ?3");
  private static final String HAS_CONFLICT =
      "select "
          + GrantReviews.CONFLICT.formatted("?2")
          + " from grant_application a where a.id = ?1";
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final GrantCalls calls;
  private final GrantReviews reviews;
  private final Caller caller;

  GrantAssignments(
      Transactions transactions, GrantCalls calls, GrantReviews reviews, Caller caller) {
    this.transactions = transactions;
    this.calls = calls;
    this.reviews = reviews;
    this.caller = caller;
  }

  /** An application as its reviewer sees it, with the review given if there is one. */
  @Schema(name = "GrantAssignment")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Assignment(
      GrantApplicationId applicationId,
      GrantCallId callId,
      @Schema(description = "Slug of the call.") String call,
      String applicant,
      String category,
      boolean regional,
      String model,
      int gpus,
      int minGpus,
      String purpose,
      @Schema(enumeration = {"SUBMITTED", "AWARDED", "REFUSED"}) String state,
      Instant createdAt,
      @Schema(description = "Given by the reviewer; left out until then.") @Nullable Integer points,
      @Nullable String comment,
      @Nullable Instant reviewedAt) {
    static Assignment of(Object[] row) {
      Columns c = new Columns(row);
      return new Assignment(
          new GrantApplicationId(c.uuid()),
          new GrantCallId(c.uuid()),
          c.text(),
          c.text(),
          c.text(),
          c.flag(),
          c.text(),
          c.integer(),
          c.integer(),
          c.text(),
          c.text(),
          c.instant(),
          c.integerOrNull(),
          c.textOrNull(),
          c.instantOrNull());
    }
  }

  /** What the caller judges in every call, or has judged. */
  Uni<Page<Assignment>> list(@Nullable Boolean reviewed, PageRequest page) {
    return transactions.asPlatform(s -> page(s, null, reviewed, page));
  }

  /** What the caller judges in one call; NOT_FOUND for who is no reviewer of it. */
  Uni<Page<Assignment>> listOf(String callName, PageRequest page) {
    return transactions.asPlatform(
        s ->
            calls
                .load(s, callName)
                .call(call -> reviews.requirePanel(s, call, "call"))
                .chain(call -> page(s, call.id().value(), null, page)));
  }

  private Uni<Page<Assignment>> page(
      Mutiny.Session s, @Nullable UUID call, @Nullable Boolean reviewed, PageRequest page) {
    return Sql.rows(
            s,
            PAGE,
            caller.subject(),
            page.afterId().orElse(FIRST),
            call == null ? null : call.toString(),
            reviewed == null ? null : reviewed.toString(),
            page.limit())
        .map(rows -> page.page(rows, Assignment::of, row -> Map.of("id", row[0].toString())));
  }

  /** One application of a call that the caller reviews, unless it is of the caller's own. */
  Uni<Assignment> load(String callName, String id) {
    UUID application = GrantApplications.parse(id);
    return transactions.asPlatform(
        s ->
            calls
                .load(s, callName)
                .call(call -> reviews.requirePanel(s, call, "application"))
                .chain(call -> Sql.rows(s, ONE, caller.subject(), call.id().value(), application))
                .map(
                    rows -> {
                      if (rows.isEmpty()) {
                        throw Refusals.notFound("application");
                      }
                      return Assignment.of(rows.getFirst());
                    })
                .call(() -> requireNoConflict(s, application)));
  }

  private Uni<Void> requireNoConflict(Mutiny.Session s, UUID application) {
    return Sql.rows(s, HAS_CONFLICT, application, caller.subject())
        .invoke(
            rows -> {
              if (Boolean.TRUE.equals(rows.getFirst()[0])) {
                throw GrantReviews.conflict();
              }
            })
        .replaceWithVoid();
  }
}
