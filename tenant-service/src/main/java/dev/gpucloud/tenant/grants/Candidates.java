package dev.gpucloud.tenant.grants;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.grants.engine.Candidate;
import dev.gpucloud.tenant.grants.engine.Pot;
import dev.gpucloud.tenant.grants.engine.Scores;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads a call's applications as the engine sees them. */
@ApplicationScoped
class Candidates {
  private static final String APPLICATIONS =
      """
      select a.id, a.tenant_id, coalesce(a.business_number, t.business_number, cast(a.tenant_id as text)),
        a.category, a.regional, a.model, a.asked_gpus, a.min_gpus, a.created_at
      from grant_application a left join tenant t on t.tenant_id = a.tenant_id
      where a.call_id = ?1 and (t.state is null or t.state not in ('CLOSING', 'CLOSED')) and %s
      order by a.rank, a.id""";

  /**
   * Whoever lost GPUs of the call for not using them gets none of it again, by whichever of its
   * applications.
   */
  private static final String LOST =
      """
      exists (
        select 1 from grant_award l join grant_application b on b.id = l.application_id
        left join tenant u on u.tenant_id = b.tenant_id
        where l.call_id = a.call_id and l.state = 'CLAWED_BACK'
          and (b.tenant_id = a.tenant_id
            or coalesce(b.business_number, u.business_number)
              = coalesce(a.business_number, t.business_number)))""";

  /** Reviews of people who belong to the applicant by now do not count. */
  private static final String REVIEWS =
      """
      select r.application_id, r.reviewer, r.points
      from grant_review r join grant_application a on a.id = r.application_id
      where a.call_id = ?1 and a.state = 'SUBMITTED' and not %s"""
          .formatted(GrantReviews.CONFLICT.formatted("r.reviewer"));

  private static final String STANDING =
      """
      select a.id, a.tenant_id, coalesce(a.business_number, t.business_number, cast(a.tenant_id as text)),
        a.category, a.regional, w.model, w.gpus, w.gpus, a.created_at
      from grant_award w join grant_application a on a.id = w.application_id
      left join tenant t on t.tenant_id = a.tenant_id
      where w.call_id = ?1 and w.%s"""
          .formatted(GrantAward.STANDING);

  /** Candidates, and the tenants of those that have one. */
  record Found(List<Candidate> candidates, Map<UUID, UUID> tenants) {
    @Nullable UUID tenant(UUID application) {
      return tenants.get(application);
    }

    Candidate byId(UUID application) {
      return candidates.stream()
          .filter(c -> c.id().equals(application))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no application " + application));
    }
  }

  /** Those to be decided on, with their scores. */
  Uni<Found> submitted(Mutiny.Session s, GrantCall call) {
    UUID id = call.id().value();
    return Sql.rows(s, REVIEWS, id)
        .map(Candidates::scores)
        .chain(
            scores ->
                Sql.rows(s, APPLICATIONS.formatted("a.state = 'SUBMITTED'"), id)
                    .map(rows -> found(rows, scores)));
  }

  /** Those who got nothing and may still get something, best first. */
  Uni<Found> refused(Mutiny.Session s, GrantCall call) {
    return Sql.rows(
            s,
            APPLICATIONS.formatted("a.state = 'REFUSED' and a.rank is not null and not " + LOST),
            call.id().value())
        .map(rows -> found(rows, Map.of()));
  }

  /** What the standing awards of a call leave. */
  Uni<Pot> pot(Mutiny.Session s, GrantCall call) {
    return Sql.rows(s, STANDING, call.id().value())
        .map(
            rows -> {
              Pot pot = new Pot(call.rules());
              found(rows, Map.of()).candidates().forEach(c -> pot.take(c, c.askedGpus()));
              return pot;
            });
  }

  private static Map<UUID, Scores.Mean> scores(List<Object[]> rows) {
    return Scores.normalised(
        rows.stream()
            .map(
                row -> {
                  Columns c = new Columns(row);
                  return new Scores.Score(c.uuid(), c.text(), c.integer());
                })
            .toList());
  }

  private static Found found(List<Object[]> rows, Map<UUID, Scores.Mean> scores) {
    List<Candidate> candidates = new ArrayList<>();
    Map<UUID, UUID> tenants = new HashMap<>();
    for (Object[] row : rows) {
      Columns c = new Columns(row);
      UUID id = c.uuid();
      UUID tenant = c.uuidOrNull();
      if (tenant != null) {
        tenants.put(id, tenant);
      }
      candidates.add(
          new Candidate(
              id,
              c.text(),
              c.text(),
              c.flag(),
              c.text(),
              c.integer(),
              c.integer(),
              c.instant(),
              Objects.requireNonNullElse(scores.get(id), new Scores.Mean(0, 0))));
    }
    return new Found(List.copyOf(candidates), Map.copyOf(tenants));
  }
}
