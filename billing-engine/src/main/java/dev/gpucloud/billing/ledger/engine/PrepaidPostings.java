package dev.gpucloud.billing.ledger.engine;

import static dev.gpucloud.billing.ledger.engine.LedgerAccount.BANK;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.BREAKAGE_INCOME;
import static dev.gpucloud.billing.ledger.engine.LedgerAccount.PREPAID_LIABILITY;
import static dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind.BREAKAGE;
import static dev.gpucloud.billing.ledger.engine.LedgerTransaction.Kind.TOP_UP;

import dev.gpucloud.contracts.money.Won;
import java.util.List;

/** What money paid before posts: its coming in, and what is left of it when it expires. */
public final class PrepaidPostings {
  private PrepaidPostings() {}

  public static LedgerTransaction ofTopUp(String document, Won amount) {
    return new LedgerTransaction(
        document,
        TOP_UP,
        1,
        List.of(Posting.debit(BANK, amount), Posting.credit(PREPAID_LIABILITY, amount)));
  }

  public static LedgerTransaction ofBreakage(String document, Won left) {
    return new LedgerTransaction(
        document,
        BREAKAGE,
        1,
        List.of(Posting.debit(PREPAID_LIABILITY, left), Posting.credit(BREAKAGE_INCOME, left)));
  }
}
