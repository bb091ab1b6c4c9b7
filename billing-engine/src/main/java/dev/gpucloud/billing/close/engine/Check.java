package dev.gpucloud.billing.close.engine;

/** A thing that is looked at before a month is closed for an account; clients switch on these. */
public enum Check {
  /** The month goes on, by the business clock. */
  MONTH_NOT_ENDED(true, false),
  /** Every account of the month was done; what comes late is corrected on a later invoice. */
  MONTH_CLOSED(true, false),
  /** The tenant has no business number, so nobody to charge. */
  NO_ACCOUNT(true, false),
  /** Something was used that has no price. */
  NO_PRICE(true, false),
  /** Credits burn by usage time, and an earlier month with usage has no invoice. */
  EARLIER_MONTH_OPEN(true, false),
  /** Events wait for one that is missing before them. */
  PARKED_EVENTS(true, true),
  /** Inventory has events that billing has not seen. */
  MISSING_EVENTS(true, true),
  /** A run is open, and nothing proves that it was alive through the month's end. */
  RUN_WITHOUT_PROOF(true, true),
  /** A run's end is taken from the last sign of life of its host. */
  ESTIMATED_END(true, true),
  /** A run's stop is dated before its start; the least is billed until another one says better. */
  STOP_BEFORE_START(true, true),
  /** An event came twice with different contents; the first one counts so far. */
  QUARANTINED_EVENT(true, true),
  /** What inventory, agents or the ledger say differs from what is billed. */
  RECONCILIATION_DIFFERENCE(true, true),
  /** Runs ended, and no agent ever reported them alive. */
  AGENT_SILENT(false, false),
  /** The draft is unlike last month or unlike its usage, and nobody has looked at it. */
  ANOMALY(true, true),
  /** A check found more than can be shown; what is not shown can not be waived. */
  MORE_FINDINGS(true, false),
  /** The tax document must be issued soon, or should have been. */
  TAX_DOCUMENT_DUE(false, false);

  private final boolean blocks;
  private final boolean waivable;

  Check(boolean blocks, boolean waivable) {
    this.blocks = blocks;
    this.waivable = waivable;
  }

  /** True when a finding keeps the month from closing; else it only warns. */
  public boolean blocks() {
    return blocks;
  }

  /** True when two persons together may let it pass. */
  public boolean isWaivable() {
    return waivable;
  }
}
