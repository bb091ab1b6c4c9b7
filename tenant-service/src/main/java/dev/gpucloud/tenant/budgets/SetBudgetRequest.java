package dev.gpucloud.tenant.budgets;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gpucloud.tenant.budgets.engine.BudgetWindow;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The budget to be. limitGpuHours must be there; null takes the budget away. */
@Schema(
    name = "SetBudget",
    examples =
        """
        {"limitGpuHours": 50000, "warnAtPct": [50, 80, 100]}""")
record SetBudgetRequest(
    @JsonProperty(required = true)
        @Schema(
            required = true,
            examples = "50000",
            minimum = "1",
            description = "GPU-hours within the window; null for no budget.")
        @Nullable Long limitGpuHours,
    @Schema(
            examples = "2026-11-01T00:00:00Z",
            description = "With to: one window. Without both: each calendar month of Seoul.")
        @Nullable Instant from,
    @Schema(
            examples = "2027-02-01T00:00:00Z",
            description =
                "The window ends before this instant, which is still to come. The budget ends with"
                    + " its window and stops nothing any more until it gets another one.")
        @Nullable Instant to,
    @Schema(
            examples = "[50, 80, 100]",
            description =
                "Per cent of the budget at which an event warns, each once; 50, 80, 100 by"
                    + " default.")
        @Nullable List<Integer> warnAtPct) {
  private static final long MOST_HOURS = 1_000_000_000_000L;
  private static final int MOST_THRESHOLDS = 10;
  private static final List<Integer> DEFAULT_THRESHOLDS = List.of(50, 80, 100);

  /**
   * Fails with VALIDATION_FAILED naming every field that is wrong; a window that has ended at
   * {@code now} would bind nothing and let everything grow.
   */
  BudgetTerms terms(Instant now) {
    var violations = new Violations();
    if (limitGpuHours != null && (limitGpuHours < 1 || limitGpuHours > MOST_HOURS)) {
      violations.add("/limitGpuHours", "expected 1 to " + MOST_HOURS + " GPU-hours, or null");
    }
    if ((from == null) != (to == null)) {
      violations.add(from == null ? "/from" : "/to", "from and to go together");
    }
    if (from != null && to != null && !from.isBefore(to)) {
      violations.add("/to", "expected an instant after from");
    } else if (from != null && to != null && !to.isAfter(now)) {
      violations.add(
          "/to",
          "the window has ended; expected an instant after %s, or neither from nor to for calendar months"
              .formatted(now));
    }
    checkThresholds(violations);
    Refusals.throwIfAny(violations);
    return new BudgetTerms(
        limitGpuHours,
        from == null || to == null ? null : new BudgetWindow(from, to),
        warnAtPct == null ? DEFAULT_THRESHOLDS : List.copyOf(warnAtPct));
  }

  private void checkThresholds(Violations violations) {
    if (warnAtPct == null) {
      return;
    }
    if (warnAtPct.size() > MOST_THRESHOLDS) {
      violations.add("/warnAtPct", "expected at most " + MOST_THRESHOLDS + " thresholds");
    }
    for (int n = 0; n < warnAtPct.size(); n++) {
      Integer pct = warnAtPct.get(n);
      if (pct == null || pct < 1 || pct > 100) {
        violations.add("/warnAtPct/" + n, "expected 1 to 100 per cent");
      } else if (warnAtPct.indexOf(pct) < n) {
        violations.add("/warnAtPct/" + n, pct + " per cent stands there already");
      }
    }
  }
}
