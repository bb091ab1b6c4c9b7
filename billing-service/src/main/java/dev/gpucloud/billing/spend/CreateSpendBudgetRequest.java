package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.SetSpendBudgetRequest.ThresholdView;
import dev.gpucloud.contracts.money.Money;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A budget to be, for all of a tenant or for one of its projects. */
@Schema(
    name = "CreateSpendBudget",
    examples =
        """
        {
          "name": "Research",
          "project": "fab-digital-twin",
          "amount": {"amount": "50000000", "currency": "KRW"},
          "thresholds": [{"basis": "ACTUAL", "percent": 80}]
        }""")
record CreateSpendBudgetRequest(
    @Schema(required = true, maxLength = 100, examples = "Research") @Nullable String name,
    @Schema(
            examples = "fab-digital-twin",
            description = "Slug or id of the tenant's project; left out: all of the tenant.")
        @Nullable String project,
    @Schema(required = true, description = "Whole won for each Seoul calendar month, above 0.")
        @Nullable Money amount,
    @Schema(description = ThresholdView.DEFAULT) @Nullable List<@Nullable ThresholdView> thresholds,
    @Schema(description = ThresholdView.STOP, minimum = "1", maximum = "1000", examples = "100")
        @Nullable Integer stopAtPercent) {
  /** Fails with VALIDATION_FAILED naming every field that is wrong. */
  SetSpendBudgetRequest.Asked asked() {
    return new SetSpendBudgetRequest(name, amount, thresholds, stopAtPercent).asked();
  }
}
