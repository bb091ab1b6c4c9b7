package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;

/**
 * The document of a month is taken back as it was stored, because its contract was rescinded or
 * because it had been issued twice; {@code on} is the day of that.
 */
public record TakeBack(BillingMonth month, Reason reason, LocalDate on) {
  /** Why; it decides the write date of the document that takes back. */
  public enum Reason {
    /** Written on the day of the rescission. */
    CONTRACT_RESCINDED(TaxDocument.Reason.CONTRACT_RESCINDED),
    /** Written on the original's day. */
    DOUBLE_ISSUE(TaxDocument.Reason.DOUBLE_ISSUE);

    private final TaxDocument.Reason amendment;

    Reason(TaxDocument.Reason amendment) {
      this.amendment = amendment;
    }
  }

  TaxDocument.Reason amendment() {
    return reason.amendment;
  }

  LocalDate writeDate(LocalDate original) {
    return reason == Reason.DOUBLE_ISSUE ? original : on;
  }
}
