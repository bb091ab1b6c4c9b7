package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;

/**
 * What a contract says of usage that arrives after its month was closed. A difference in the supply
 * value of less than {@code writeOffBelow} is written off, whatever the way.
 */
public record LatePolicy(Way way, Won writeOffBelow) {
  /** How late usage is charged. */
  public enum Way {
    /** By lines in the next invoice, with the month they are for. */
    NEXT_INVOICE,
    /** By an amended tax document for the month itself. */
    AMENDED
  }

  public static final LatePolicy USUAL = new LatePolicy(Way.NEXT_INVOICE, Won.ZERO);

  /** What holds of a month that was charged in a mode: what is only shown has nothing to amend. */
  LatePolicy in(BillingMode mode) {
    return mode == BillingMode.SHOWBACK ? new LatePolicy(Way.NEXT_INVOICE, writeOffBelow) : this;
  }
}
