package dev.gpucloud.billing.correction;

/** Why a note is written against an issued invoice, with its reason on tax documents. */
enum NoteKind {
  /** What arrived late, for an account whose documents are amended. */
  LATE_USAGE(1),
  /** For an interruption: a percentage of what was billed, or an amount. */
  SLA(2),
  /** Any other change of the supply value, up or down. */
  SUPPLY_CHANGE(2),
  /** The contract ended: all of it is taken back, on that day. */
  RESCINDED(4),
  /** Two documents for one supply: all of this one is taken back. */
  DOUBLE_ISSUE(6);

  private final int reason;

  NoteKind(int reason) {
    this.reason = reason;
  }

  int reason() {
    return reason;
  }

  boolean isDifference() {
    return this == SLA || this == SUPPLY_CHANGE;
  }

  boolean takesAllBack() {
    return this == RESCINDED || this == DOUBLE_ISSUE;
  }
}
