package dev.gpucloud.billing.review.engine;

/**
 * A reason to look twice at a draft.
 *
 * @param subject what it is about: an SKU, or the invoice as a whole
 * @param detail the figures; with other figures it is another anomaly
 */
public record Anomaly(Kind kind, String subject, String detail) {
  /** Clients switch on these. */
  public enum Kind {
    /** The supply value is far from last month's. */
    SUPPLY_CHANGED,
    /** A SKU costs far more or less per GPU-hour than last month. */
    UNIT_COST_CHANGED,
    /** A SKU was not billed last month. */
    NEW_SKU,
    /** A SKU of last month is not there any more. */
    SKU_GONE
  }
}
