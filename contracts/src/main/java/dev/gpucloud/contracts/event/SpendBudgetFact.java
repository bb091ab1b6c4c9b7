package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant, or one of its projects, wants to spend in a Seoul calendar month and how much of
 * it is spent, on {@link Topics#SPEND_BUDGETS}. Amounts are whole won, rounded down; before credits
 * and VAT.
 *
 * @param projectId null for all of the tenant
 * @param project slug of the project
 * @param month the month looked at, such as {@code 2026-11}
 * @param forecastKrw what the month will have come to at its end
 * @param reachedPct the highest threshold, in per cent of the amount, that the event tells of
 * @param stopAtPct per cent of the amount at which nothing new may start; null for never
 * @param stopped whether nothing new may start before {@code monthEnd}; what runs goes on
 * @param monthEnd first instant after the month
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SpendBudgetFact(
    SpendBudgetId budgetId,
    TenantId tenantId,
    @Nullable ProjectId projectId,
    @Nullable String project,
    String name,
    String month,
    long amountKrw,
    long spentKrw,
    long forecastKrw,
    @Nullable Integer reachedPct,
    @Nullable Integer stopAtPct,
    boolean stopped,
    Instant monthEnd,
    Instant at) {}
