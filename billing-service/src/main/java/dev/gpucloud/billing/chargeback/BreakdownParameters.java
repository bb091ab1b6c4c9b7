package dev.gpucloud.billing.chargeback;

import dev.gpucloud.billing.document.breakdown.Breakdown.By;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what an invoice is to be broken down by. */
final class BreakdownParameters {
  private static final Map<String, By> WORDS =
      Map.of("project", By.PROJECT, "sku", By.SKU, "cost-center", By.COST_CENTER);

  private BreakdownParameters() {}

  static By by(@Nullable String text) {
    By by = WORDS.get(text == null ? "project" : text);
    if (by == null) {
      throw ProblemType.INVALID_PARAMETER
          .because("An invoice is broken down by project, SKU or cost centre.")
          .at("by", "must be one of " + WORDS.keySet().stream().sorted().toList());
    }
    return by;
  }
}
