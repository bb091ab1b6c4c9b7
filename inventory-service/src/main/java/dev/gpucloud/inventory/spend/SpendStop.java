package dev.gpucloud.inventory.spend;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A spent budget of a tenant, or of one of its projects; amounts are whole won. */
record SpendStop(
    SpendBudgetId budget,
    TenantId tenant,
    @Nullable ProjectId project,
    String name,
    String month,
    long amountKrw,
    long spentKrw,
    int stopAtPercent,
    Instant endsAt) {

  /** The id of what it stops. */
  UUID scope() {
    return project == null ? tenant.value() : project.value();
  }

  /** Says which budget stops what, since when it is spent, and what would help. */
  ProblemException refusal() {
    String whose = project == null ? "the tenant" : "the project";
    return ProblemType.BUDGET_SPENT
        .because(
            ("The budget '%s' of %s for %s is %d won and stops what is new at %d per cent; %d won"
                    + " are spent. Nothing new may start before %s unless the budget is raised or"
                    + " removed; what runs goes on.")
                .formatted(name, whose, month, amountKrw, stopAtPercent, spentKrw, endsAt))
        .with("budgetId", budget.toString())
        .with("budget", name)
        .with("scope", project == null ? "TENANT" : "PROJECT")
        .with("month", month)
        .with("amountKrw", Long.toString(amountKrw))
        .with("spentKrw", Long.toString(spentKrw))
        .with("stopAtPercent", stopAtPercent)
        .with("monthEnd", endsAt);
  }
}
