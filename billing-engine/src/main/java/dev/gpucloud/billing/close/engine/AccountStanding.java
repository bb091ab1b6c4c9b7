package dev.gpucloud.billing.close.engine;

/** How far an account's month has come. */
public enum AccountStanding {
  /** Nobody has looked at it yet. */
  NOT_STARTED,
  /** Blocking items keep it from being drafted or issued. */
  BLOCKED,
  /** Waits for its preparer. */
  DRAFT,
  /** Waits for a second person. */
  IN_REVIEW,
  /** May be issued. */
  APPROVED,
  /** Nothing was used and nothing agreed. */
  NOTHING_TO_BILL,
  ISSUED;

  /** True when nothing is left to do. */
  public boolean isDone() {
    return this == NOTHING_TO_BILL || this == ISSUED;
  }
}
