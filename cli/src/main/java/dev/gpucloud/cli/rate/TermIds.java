package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.HashSet;
import java.util.Set;

/**
 * Names the terms of what is agreed under one id. Each has lines of its own, so a later one is
 * called by its id and the day from which it holds.
 */
final class TermIds {
  private final Set<String> seen = new HashSet<>();

  /**
   * @param what is agreed under the id, such as the SKU of a price
   */
  String of(String id, String what, Term term) {
    return seen.add(id + "\n" + what)
        ? id
        : id + " from " + term.from().atZone(BillingMonth.ZONE).toLocalDate();
  }
}
