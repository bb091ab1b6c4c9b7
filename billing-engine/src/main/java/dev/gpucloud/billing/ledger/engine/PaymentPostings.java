package dev.gpucloud.billing.ledger.engine;

import static dev.gpucloud.billing.ledger.engine.LedgerAccount.BANK;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.INTERCOMPANY_RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.UNAPPLIED_RECEIPTS;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind;
import dev.gpucloud.contracts.money.Won;
import java.util.List;

/** What money that comes in posts. */
public final class PaymentPostings {
  private PaymentPostings() {}

  /** Money at the bank that is for no invoice yet. */
  public static LedgerTransaction ofReceipt(String payment, Won amount) {
    return new LedgerTransaction(
        payment,
        Kind.RECEIPT,
        1,
        List.of(Posting.debit(BANK, amount), Posting.credit(UNAPPLIED_RECEIPTS, amount)));
  }

  /**
   * Money that an invoice takes; a negative amount gives it back.
   *
   * @throws IllegalArgumentException for a mode that owes nothing
   */
  public static LedgerTransaction ofAllocation(String allocation, BillingMode mode, Won amount) {
    if (!mode.isOwed()) {
      throw new IllegalArgumentException("nobody owes what is shown back");
    }
    LedgerAccount owed = mode == BillingMode.EXTERNAL ? RECEIVABLE : INTERCOMPANY_RECEIVABLE;
    return new LedgerTransaction(
        allocation,
        Kind.ALLOCATION,
        1,
        List.of(Posting.debit(UNAPPLIED_RECEIPTS, amount), Posting.credit(owed, amount)));
  }
}
