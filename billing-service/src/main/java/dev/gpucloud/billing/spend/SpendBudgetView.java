package dev.gpucloud.billing.spend;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.spend.SetSpendBudgetRequest.ThresholdView;
import dev.gpucloud.billing.spend.engine.BudgetMeter;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A budget and how it stood when it was looked at last. */
@Schema(name = "SpendBudget")
@JsonInclude(JsonInclude.Include.NON_NULL)
record SpendBudgetView(
    SpendBudgetId id,
    TenantId tenantId,
    @Schema(description = "Left out: of all of the tenant.") @Nullable ProjectName project,
    String name,
    Money amount,
    List<ThresholdView> thresholds,
    @Schema(description = ThresholdView.STOP) @Nullable Integer stopAtPercent,
    BillingMonth month,
    @Schema(description = "Spent in the month, whole won rounded down, before credits and VAT.")
        Money spent,
    @Schema(description = "What the month will have come to if what runs goes on.") Money forecast,
    @Schema(description = "Thresholds that people were told of in the month.")
        List<ThresholdView> reached,
    @Schema(description = "While true, nothing new may start before stoppedUntil.") boolean stopped,
    @Nullable Instant stoppedUntil,
    @Schema(description = "When it was looked at last; left out until the first look.")
        @Nullable Instant lookedAt,
    @Schema(description = "Counts changes of the terms and is the ETag.") long version,
    String createdBy,
    Instant createdAt,
    Instant updatedAt) {

  /** A project by id and slug. */
  @Schema(name = "SpendBudgetProject")
  record ProjectName(ProjectId id, String slug) {}

  static SpendBudgetView of(SpendBudgetEntity budget) {
    BudgetMeter meter = budget.meter();
    return new SpendBudgetView(
        budget.id(),
        budget.tenant(),
        projectOf(budget),
        budget.name,
        Money.krw(budget.amountKrw),
        budget.terms().thresholds().stream().map(ThresholdView::of).toList(),
        budget.stopAtPercent,
        meter.month(),
        Money.krw(meter.spent().floorToLong()),
        Money.krw(meter.forecast().floorToLong()),
        meter.told().stream().map(ThresholdView::of).toList(),
        meter.stopped(),
        meter.stopped() ? meter.month().end() : null,
        budget.lookedAt,
        budget.version,
        budget.createdBy,
        budget.createdAt,
        budget.updatedAt);
  }

  private static @Nullable ProjectName projectOf(SpendBudgetEntity budget) {
    ProjectId project = budget.project();
    return project == null || budget.projectSlug == null
        ? null
        : new ProjectName(project, budget.projectSlug);
  }
}
