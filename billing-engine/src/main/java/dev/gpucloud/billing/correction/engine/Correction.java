package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.List;
import java.util.Map;

/**
 * What late usage changes of a closed month: {@code changes} by the keys of the lines that correct
 * it, {@code supplyChanges} of each tax type. They are lines of the open month's invoice, or {@code
 * documents} amend the closed one; a correction that is written off has neither.
 */
public record Correction(
    BillingMonth month,
    Outcome outcome,
    Won supplyBefore,
    Won vatBefore,
    Won supplyNow,
    Won vatNow,
    Map<Key, Rational> changes,
    Map<TaxType, Won> supplyChanges,
    List<TaxDocument> documents) {

  public Correction {
    changes = Map.copyOf(changes);
    supplyChanges = Map.copyOf(supplyChanges);
    documents = List.copyOf(documents);
  }

  /** How it is charged. */
  public enum Outcome {
    NEXT_INVOICE,
    AMENDED,
    WRITTEN_OFF
  }

  /** What the open month's invoice charges of it, exact. */
  public Map<Key, Rational> lines() {
    return outcome == Outcome.NEXT_INVOICE ? changes : Map.of();
  }

  public Won supplyChange() {
    return supplyNow.minus(supplyBefore);
  }

  public Won vatChange() {
    return vatNow.minus(vatBefore);
  }
}
