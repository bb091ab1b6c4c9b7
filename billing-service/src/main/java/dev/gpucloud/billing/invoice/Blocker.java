package dev.gpucloud.billing.invoice;

import java.util.Map;

/** One reason why a month cannot be closed yet, with what a person needs to look into it. */
record Blocker(Code code, String detail, Map<String, String> params) {
  /** Kinds of blockers; clients switch on them. */
  enum Code {
    /** The month goes on, by the business clock. */
    MONTH_NOT_ENDED,
    /** The tenant has no business number, so nobody to charge. */
    NO_ACCOUNT,
    /** A run is open, and nothing proves that it was alive through the month's end. */
    RUN_WITHOUT_PROOF,
    /** Events wait for one that is missing before them. */
    PARKED_EVENTS,
    /** Inventory has events that billing has not seen. */
    MISSING_EVENTS,
    /** Something was used that has no price. */
    NO_PRICE,
    /** Credits burn by usage time, and an earlier month with usage has no invoice. */
    EARLIER_MONTH_OPEN
  }
}
