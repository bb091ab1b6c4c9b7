package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
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

  /**
   * How a difference of a month is settled by the invoice of an open one. What nobody owed is never
   * owed: it is shown by an invoice that is only shown, and written off by any other. What was owed
   * cannot stand where nothing is, so the month itself is amended.
   *
   * @param charged what the month was charged as
   * @param open what the open month is charged as
   */
  public Outcome outcome(BillingMode charged, BillingMode open, Won difference) {
    if (Math.abs(difference.amount()) < writeOffBelow.amount()) {
      return Outcome.WRITTEN_OFF;
    }
    if (!charged.isOwed()) {
      return open.isOwed() ? Outcome.WRITTEN_OFF : Outcome.NEXT_INVOICE;
    }
    return way == Way.AMENDED || !open.isOwed() ? Outcome.AMENDED : Outcome.NEXT_INVOICE;
  }
}
