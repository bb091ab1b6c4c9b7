package dev.gpucloud.tenant.budgets;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.tenant.budgets.engine.BudgetMeter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A budget and how far it was used when it was looked at last. */
@Schema(name = "Budget")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BudgetView(
    @Schema(examples = "b200-sxm-180g") String model,
    @Schema(description = "Left out: of the tenant with all below it.")
        @Nullable ProjectId projectId,
    @Schema(description = "null: no budget.") @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable Long limitGpuHours,
    @Schema(description = "Used in the window, when it was looked at last.")
        BigDecimal usedGpuHours,
    Instant windowStart,
    Instant windowEnd,
    List<Integer> warnAtPct,
    @Schema(description = "The highest threshold reached; 0 for none.") int warnedPct,
    @Schema(description = "While true, nothing of this model may grow before windowEnd.")
        boolean exhausted,
    @Schema(description = "Counts changes of the terms and is the ETag.") long version,
    Instant updatedAt) {
  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

  static BudgetView of(BudgetEntity budget) {
    BudgetMeter meter = budget.meter();
    return new BudgetView(
        budget.model(),
        budget.project(),
        budget.terms().limitGpuHours(),
        BigDecimal.valueOf(meter.usedSeconds()).divide(SECONDS_PER_HOUR, 3, RoundingMode.DOWN),
        meter.window().from(),
        meter.window().to(),
        budget.terms().warnAtPct(),
        meter.warnedPct(),
        meter.exhausted(),
        budget.version(),
        budget.updatedAt());
  }
}
