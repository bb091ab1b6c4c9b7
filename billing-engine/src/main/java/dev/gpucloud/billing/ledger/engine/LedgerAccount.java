package dev.gpucloud.billing.ledger.engine;

/** The accounts postings are made to. */
public enum LedgerAccount {
  UNBILLED_RECEIVABLE,
  RECEIVABLE,
  INTERCOMPANY_RECEIVABLE,
  REVENUE,
  VAT_PAYABLE,
  PROMOTION_EXPENSE,
  PREPAID_LIABILITY,
  BREAKAGE_INCOME,
  /** Money at the bank. */
  BANK,
  /** Received, and for no invoice yet. */
  UNAPPLIED_RECEIPTS
}
