package dev.gpucloud.billing.document.breakdown;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Splits whole won by exact weights: each gets the floor of its part, and what is left goes by the
 * largest remainder, ties to the earlier key. The parts sum to the whole; a minus is split as its
 * magnitude is, and a weight against the sum's sign gets a part against the whole's.
 */
final class Shares {
  private Shares() {}

  private record Part(String key, long floor, Rational remainder) {}

  static SortedMap<String, Won> split(Won whole, SortedMap<String, Rational> weights) {
    Rational sum = weights.values().stream().reduce(Rational.ZERO, Rational::add);
    if (sum.isZero()) {
      return allToTheFirst(whole, weights);
    }
    Rational magnitude = Rational.of(whole.amount()).abs();
    List<Part> parts =
        weights.entrySet().stream()
            .map(e -> part(e.getKey(), magnitude.multiply(e.getValue()).divide(sum)))
            .toList();
    long left = magnitude.floorToLong() - parts.stream().mapToLong(Part::floor).sum();
    long sign = whole.amount() < 0 ? -1 : 1;
    var result = new TreeMap<String, Won>();
    parts.forEach(p -> result.put(p.key(), new Won(sign * p.floor())));
    parts.stream()
        .sorted(Comparator.comparing(Part::remainder).reversed().thenComparing(Part::key))
        .limit(left)
        .forEach(p -> result.merge(p.key(), new Won(sign), Won::plus));
    return result;
  }

  private static Part part(String key, Rational exact) {
    long floor = exact.floorToLong();
    return new Part(key, floor, exact.subtract(Rational.of(floor)));
  }

  private static SortedMap<String, Won> allToTheFirst(
      Won whole, SortedMap<String, Rational> weights) {
    var result = new TreeMap<String, Won>();
    weights.keySet().forEach(key -> result.put(key, Won.ZERO));
    if (!result.isEmpty()) {
      result.put(result.firstKey(), whole);
    }
    return result;
  }
}
