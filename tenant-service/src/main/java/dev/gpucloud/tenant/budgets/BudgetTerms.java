package dev.gpucloud.tenant.budgets;

import dev.gpucloud.tenant.budgets.engine.BudgetWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be used: null hours is no budget, a null window every calendar month of Seoul. */
record BudgetTerms(
    @Nullable Long limitGpuHours, @Nullable BudgetWindow window, List<Integer> warnAtPct) {}
