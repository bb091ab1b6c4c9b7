package dev.gpucloud.billing.ledger.engine;

import static dev.gpucloud.billing.ledger.engine.LedgerAccount.INTERCOMPANY_RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.RECEIVABLE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.REVENUE;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.VAT_PAYABLE;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.contracts.money.Won;
import java.util.List;

/** What a note against an issued invoice posts. */
public final class NotePostings {
  private NotePostings() {}

  /**
   * Takes back where the amounts are negative, and adds where they are not.
   *
   * @throws IllegalArgumentException for a mode that owes nothing
   */
  public static LedgerTransaction ofIssue(String note, BillingMode mode, Won supplyValue, Won vat) {
    if (!mode.isOwed()) {
      throw new IllegalArgumentException("nobody owes what is shown back");
    }
    LedgerAccount owed = mode == BillingMode.EXTERNAL ? RECEIVABLE : INTERCOMPANY_RECEIVABLE;
    return new LedgerTransaction(
        note,
        LedgerTransaction.Kind.NOTE,
        1,
        List.of(
            Posting.debit(owed, supplyValue.plus(vat)),
            Posting.credit(REVENUE, supplyValue),
            Posting.credit(VAT_PAYABLE, vat)));
  }
}
