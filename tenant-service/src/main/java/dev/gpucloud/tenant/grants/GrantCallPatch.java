package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) of a call: what is absent stays, nothing can be cleared. What applicants
 * count on, its pools, price share and rules, is not in it.
 */
@Schema(
    name = "PatchGrantCall",
    examples =
        """
        {"name": "National GPU grant, third round", "applyUntil": "2028-02-15T09:00:00Z"}""",
    description = "What is absent stays; pools, price share and rules do not change.")
record GrantCallPatch(
    @Schema(maxLength = 120) @Nullable String name,
    @Schema(description = "Applications are taken before this instant, which is to come.")
        @Nullable Instant applyUntil,
    @Schema(description = "The GPUs may be held from here.") @Nullable Instant windowStart,
    @Nullable Instant windowEnd) {
  private static final List<String> FIELDS =
      List.of("name", "applyUntil", "windowStart", "windowEnd");

  /** Reads the patch and adds what is wrong with it; an unknown field refuses it at once. */
  static GrantCallPatch read(@Nullable JsonNode body, Violations violations) {
    Fields fields = body == null ? null : Fields.open(body, "", violations);
    if (fields == null) {
      throw ProblemType.VALIDATION_FAILED
          .because("A patch is a JSON object.")
          .at("", "expected an object");
    }
    fields.refuseUnknown(Set.copyOf(FIELDS));
    for (String field : FIELDS) {
      if (fields.isNull(field)) {
        violations.add(fields.pointer(field), "cannot be cleared");
      }
    }
    var patch =
        new GrantCallPatch(
            fields.text("name"),
            fields.instant("applyUntil"),
            fields.instant("windowStart"),
            fields.instant("windowEnd"));
    TenantRules.checkName(patch.name, "/name", violations);
    return patch;
  }

  /** The patched terms; adds what does not fit the clock or the rest of them. */
  GrantCallTerms on(GrantCallTerms before, Instant now, Violations violations) {
    Instant start = Objects.requireNonNullElse(windowStart, before.windowStart());
    Instant end = Objects.requireNonNullElse(windowEnd, before.windowEnd());
    if (applyUntil != null && !applyUntil.equals(before.applyUntil()) && !applyUntil.isAfter(now)) {
      violations.add("/applyUntil", "expected an instant after " + now);
    }
    if (!end.isAfter(start)) {
      violations.add(
          windowEnd == null ? "/windowStart" : "/windowEnd",
          windowEnd == null
              ? "expected an instant before windowEnd, " + end
              : "expected an instant after windowStart, " + start);
    }
    Instant until = Objects.requireNonNullElse(applyUntil, before.applyUntil());
    if (end.isAfter(start) && !until.isBefore(end)) {
      violations.add(
          applyUntil == null ? "/windowEnd" : "/applyUntil",
          applyUntil == null
              ? "expected an instant after applyUntil, " + until
              : "expected an instant before windowEnd, " + end);
    }
    return new GrantCallTerms(
        before.slug(),
        Objects.requireNonNullElse(name, before.name()),
        until,
        start,
        end,
        before.customerSharePct(),
        before.acceptDays(),
        before.minUsePct(),
        before.useWindowDays(),
        before.noticeDays(),
        before.rules());
  }
}
