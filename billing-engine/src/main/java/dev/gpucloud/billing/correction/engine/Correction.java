package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.List;
import java.util.Map;

/**
 * What late usage changes of a closed month. {@code lines} are for the open month's invoice, {@code
 * documents} for the closed one; a correction that is written off has neither.
 */
public record Correction(
    BillingMonth month,
    Outcome outcome,
    Won supplyBefore,
    Won vatBefore,
    Won supplyNow,
    Won vatNow,
    Map<Key, Rational> lines,
    List<TaxDocument> documents) {

  /** How it is charged. */
  public enum Outcome {
    NEXT_INVOICE,
    AMENDED,
    WRITTEN_OFF
  }

  public Won supplyChange() {
    return supplyNow.minus(supplyBefore);
  }

  public Won vatChange() {
    return vatNow.minus(vatBefore);
  }
}
