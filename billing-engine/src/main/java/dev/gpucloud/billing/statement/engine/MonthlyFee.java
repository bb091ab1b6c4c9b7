package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;

/** A fixed amount a month, in proportion to the days of its term. */
public record MonthlyFee(String id, String name, Won amountPerMonth, Term term) {
  Rational exactIn(BillingMonth month) {
    return Rational.of(amountPerMonth.amount()).multiply(term.shareOf(month));
  }
}
