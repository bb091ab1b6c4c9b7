package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The least amount of usage of a month under one id, in whole won. Terms of one id that meet in a
 * month are one floor: the sum of what each asks for its days.
 *
 * @param terms of the id, in the order in which they are given
 */
public record SpendFloor(String id, List<SpendCommitment> terms, Won floor) {
  public SpendFloor {
    terms = List.copyOf(terms);
  }

  /** The floors of a month, each id once, in the order in which they are given. */
  public static List<SpendFloor> of(List<SpendCommitment> all, BillingMonth month) {
    var byId = new LinkedHashMap<String, List<SpendCommitment>>();
    all.forEach(each -> byId.computeIfAbsent(each.id(), id -> new ArrayList<>()).add(each));
    return byId.entrySet().stream()
        .map(each -> new SpendFloor(each.getKey(), each.getValue(), sum(each.getValue(), month)))
        .toList();
  }

  private static Won sum(List<SpendCommitment> terms, BillingMonth month) {
    return terms.stream().map(term -> term.floor(month)).reduce(Won.ZERO, Won::plus);
  }

  /** What is billed beside the usage, so that the floor is reached. */
  public Won trueUp(Won usage) {
    return floor.compareTo(usage) > 0 ? floor.minus(usage) : Won.ZERO;
  }
}
