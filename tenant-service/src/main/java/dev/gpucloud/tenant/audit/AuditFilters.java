package dev.gpucloud.tenant.audit;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which entries are asked for; used as a {@code @BeanParam}. */
public class AuditFilters {
  private static final int LONGEST = 200;
  private static final Set<String> RESULTS = Set.of("DONE", "DENIED");

  @QueryParam("actor")
  @Parameter(description = "Subject or user name.")
  @Nullable String actor;

  @QueryParam("action")
  @Parameter(
      description =
          "Beginning of the action's name; a refused attempt has the name of what was tried.",
      example = "tenant.member")
  @Nullable String action;

  @QueryParam("target")
  @Parameter(description = "Id of what was acted on.")
  @Nullable String target;

  @QueryParam("tenant")
  @Parameter(description = "Id or slug of a tenant (platform only).")
  @Nullable String tenant;

  @QueryParam("requestId")
  @Nullable String requestId;

  @QueryParam("result")
  @Parameter(description = "DONE or DENIED.")
  @Nullable String result;

  @QueryParam("from")
  @Parameter(
      description = "Not before this time, or this day in Seoul.",
      example = "2026-11-02T00:00:00+09:00")
  @Nullable String from;

  @QueryParam("to")
  @Parameter(
      description = "Before this time, or through this day in Seoul.",
      example = "2026-11-30")
  @Nullable String to;

  public AuditFilters() {}

  /** The condition in SQL and its parameters, from {@code ?1} on. */
  Condition condition() {
    TimeRange range = checked();
    var condition = new Condition();
    condition.and("(actor = ?# or actor_name = ?#)", actor);
    condition.and("starts_with(action, ?#)", action);
    condition.and("target_id = ?#", target);
    condition.and("request_id = ?#", requestId);
    condition.and("result = ?#", result);
    condition.and("at >= cast(cast(?# as text) as timestamptz)", text(range.from()));
    condition.and("at < cast(cast(?# as text) as timestamptz)", text(range.to()));
    return condition;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private TimeRange checked() {
    var violations = new Violations();
    text(violations, "actor", actor);
    text(violations, "action", action);
    text(violations, "target", target);
    text(violations, "requestId", requestId);
    if (result != null && !RESULTS.contains(result)) {
      violations.add("result", "must be DONE or DENIED");
    }
    if (tenant != null && !tenant.startsWith("ten_") && Slugs.tenantRefusal(tenant).isPresent()) {
      violations.add("tenant", "must be a slug, or an id such as ten_019a3c5e-...");
    }
    TimeRange range = TimeRange.of(violations, from, to);
    Refusals.throwIfAny(ProblemType.INVALID_PARAMETER, violations);
    return range;
  }

  private static void text(Violations violations, String name, @Nullable String value) {
    if (value != null && (value.isEmpty() || value.length() > LONGEST || value.indexOf(0) >= 0)) {
      violations.add(name, "must have 1 to " + LONGEST + " characters");
    }
  }

  /** Grows by one clause for each filter that was sent. */
  static final class Condition {
    private final StringBuilder sql = new StringBuilder("true");
    private final List<Object> parameters = new ArrayList<>();

    void and(String clause, @Nullable Object value) {
      if (value != null) {
        parameters.add(value);
        sql.append(" and ").append(clause.replace("?#", "?" + parameters.size()));
      }
    }

    String sql() {
      return sql.toString();
    }

    Object[] parameters() {
      return parameters.toArray();
    }
  }
}
