package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The exact sum of many fractions. What a commitment covers of each hour has a denominator of its
 * own, and added one by one to a sum of all hours each would cost as much as all before it; those
 * of one denominator are added first, and the rest in pairs.
 */
final class ExactSum {
  private final Map<BigInteger, Rational> byDenominator = new HashMap<>();

  void add(Rational value) {
    byDenominator.merge(value.den(), value, Rational::add);
  }

  Rational value() {
    List<Rational> sums = new ArrayList<>(byDenominator.values());
    sums.sort(Comparator.comparing(Rational::den));
    while (sums.size() > 1) {
      List<Rational> pairs = new ArrayList<>((sums.size() + 1) / 2);
      for (int i = 0; i < sums.size(); i += 2) {
        pairs.add(i + 1 < sums.size() ? sums.get(i).add(sums.get(i + 1)) : sums.get(i));
      }
      sums = pairs;
    }
    return sums.isEmpty() ? Rational.ZERO : sums.getFirst();
  }
}
