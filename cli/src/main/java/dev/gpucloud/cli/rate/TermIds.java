package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Names the terms of what is agreed under one id. Each has lines of its own, so one that is not the
 * first by its beginning is called by its id and the day from which it holds. In which order the
 * terms stand does not matter: all are noted before the first is named.
 */
final class TermIds {
  private final Map<String, Instant> first = new HashMap<>();

  /**
   * @param what is agreed under the id, such as the SKU of a price
   */
  void note(String id, String what, Term term) {
    first.merge(key(id, what), term.from(), (a, b) -> a.isBefore(b) ? a : b);
  }

  String of(String id, String what, Term term) {
    return term.from().equals(first.get(key(id, what)))
        ? id
        : id + " from " + term.from().atZone(BillingMonth.ZONE).toLocalDate();
  }

  private static String key(String id, String what) {
    return id + "\n" + what;
  }
}
