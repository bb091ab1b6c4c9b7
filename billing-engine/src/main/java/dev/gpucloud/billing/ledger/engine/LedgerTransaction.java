package dev.gpucloud.billing.ledger.engine;

import dev.gpucloud.contracts.money.Won;
import java.util.List;

/**
 * Postings that sum to zero, known by the document they stand for, their kind and version; the same
 * key is never posted twice. Legs of zero won are left out.
 */
public record LedgerTransaction(String document, Kind kind, int version, List<Posting> postings) {
  /** Why it was posted. */
  public enum Kind {
    /** Dr unbilled / Cr revenue. */
    MONTH_ACCRUAL,
    /** Dr receivable / Cr unbilled, VAT payable. */
    ISSUE,
    /** Dr bank / Cr unapplied receipts. */
    RECEIPT,
    /** Dr unapplied receipts / Cr receivable; the other way round when it is taken back. */
    ALLOCATION,
    /** Dr prepaid liability / Cr receivable. */
    PREPAID_PAYMENT,
    /** Dr bank / Cr prepaid liability. */
    TOP_UP,
    /** Dr prepaid liability / Cr breakage income. */
    BREAKAGE,
    /** Dr revenue, VAT payable / Cr receivable; the other way round where it adds. */
    NOTE
  }

  public LedgerTransaction {
    postings = postings.stream().filter(p -> p.signedAmount().amount() != 0).toList();
    Won sum = postings.stream().map(Posting::signedAmount).reduce(Won.ZERO, Won::plus);
    if (sum.amount() != 0) {
      throw new IllegalArgumentException("postings of " + document + " sum to " + sum.amount());
    }
  }
}
