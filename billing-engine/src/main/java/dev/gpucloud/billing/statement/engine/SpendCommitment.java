package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;

/** A least amount of usage a month; what is missing is billed as a true-up. */
public record SpendCommitment(String id, Won amountPerMonth, Term term) {

  /** The floor of a month, in proportion to its days, HALF_UP to whole won. */
  public Won floor(BillingMonth month) {
    return new Won(
        Rational.of(amountPerMonth.amount()).multiply(term.shareOf(month)).roundHalfUpToLong());
  }
}
