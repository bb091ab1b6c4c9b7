package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * GPU-hours of a model that a tenant, or one of its projects, may use within a window, and how much
 * of them is used, on {@link Topics#BUDGETS}. {@code limitGpuHours} null: there is no budget any
 * more. While {@code exhausted}, nothing may grow until {@code windowEnd}. {@code warnedPct} is the
 * highest threshold that was reached, 0 for none.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BudgetFact(
    TenantId tenantId,
    @Nullable ProjectId projectId,
    String model,
    @Nullable Long limitGpuHours,
    long usedGpuSeconds,
    int warnedPct,
    boolean exhausted,
    Instant windowStart,
    Instant windowEnd) {
  /** Key of its message: whom the budget binds and the model. */
  public String key() {
    return (projectId == null ? tenantId.toString() : projectId.toString()) + "/" + model;
  }
}
