package dev.gpucloud.billing.ledger.engine;

import dev.gpucloud.contracts.money.Won;

/** One leg of a transaction: debits are positive, credits negative. */
public record Posting(LedgerAccount account, Won signedAmount) {
  public static Posting debit(LedgerAccount account, Won amount) {
    return new Posting(account, amount);
  }

  public static Posting credit(LedgerAccount account, Won amount) {
    return new Posting(account, amount.negate());
  }
}
