package dev.gpucloud.tenant.audit;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
  @Parameter(description = "Beginning of the action's name.", example = "tenant.member")
  @Nullable String action;

  @QueryParam("target")
  @Parameter(description = "Id of what was acted on.")
  @Nullable String target;

  @QueryParam("tenant")
  @Parameter(description = "Id of a tenant (platform only).")
  @Nullable String tenant;

  @QueryParam("requestId")
  @Nullable String requestId;

  @QueryParam("result")
  @Parameter(description = "DONE or DENIED.")
  @Nullable String result;

  @QueryParam("from")
  @Parameter(description = "Not before this time.", example = "2026-11-02T00:00:00Z")
  @Nullable String from;

  @QueryParam("to")
  @Parameter(description = "Before this time.")
  @Nullable String to;

  public AuditFilters() {}

  /** The condition in SQL and its parameters, from {@code ?1} on. */
  Condition condition() {
    check();
    var condition = new Condition();
    condition.and("(actor = ?# or actor_name = ?#)", actor);
    condition.and("starts_with(action, ?#)", action);
    condition.and("target_id = ?#", target);
    condition.and(
        "tenant_id = cast(cast(?# as text) as uuid)", tenant == null ? null : uuid(tenant));
    condition.and("request_id = ?#", requestId);
    condition.and("result = ?#", result);
    condition.and("at >= cast(cast(?# as text) as timestamptz)", from);
    condition.and("at < cast(cast(?# as text) as timestamptz)", to);
    return condition;
  }

  private static String uuid(String tenant) {
    return TenantId.parse(tenant).value().toString();
  }

  private void check() {
    var violations = new Violations();
    text(violations, "actor", actor);
    text(violations, "action", action);
    text(violations, "target", target);
    text(violations, "requestId", requestId);
    if (result != null && !RESULTS.contains(result)) {
      violations.add("result", "must be DONE or DENIED");
    }
    time(violations, "from", from);
    time(violations, "to", to);
    if (tenant != null) {
      try {
        TenantId.parse(tenant);
      } catch (IllegalArgumentException e) {
        violations.add("tenant", "must be an id such as ten_019a3c5e-...");
      }
    }
    Refusals.throwIfAny(ProblemType.INVALID_PARAMETER, violations);
  }

  private static void text(Violations violations, String name, @Nullable String value) {
    if (value != null && (value.isEmpty() || value.length() > LONGEST || value.indexOf(0) >= 0)) {
      violations.add(name, "must have 1 to " + LONGEST + " characters");
    }
  }

  private static void time(Violations violations, String name, @Nullable String value) {
    try {
      if (value != null) {
        Instant.parse(value);
      }
    } catch (DateTimeParseException e) {
      violations.add(name, "must be an RFC 3339 time such as 2026-11-02T00:00:00Z");
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
