package dev.gpucloud.billing.document.breakdown;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Splits whole won by exact weights: each gets the floor of its part, and what is left goes by the
 * largest remainder, ties to the earlier key. The parts sum to the whole, whatever its sign.
 */
final class Shares {
  private Shares() {}

  private record Part(String key, BigInteger floor, Rational remainder) {}

  static SortedMap<String, Won> split(Won whole, SortedMap<String, Rational> weights) {
    Rational sum =
        weights.values().stream().map(Rational::abs).reduce(Rational.ZERO, Rational::add);
    if (sum.isZero()) {
      return allToTheFirst(whole, weights);
    }
    Rational magnitude = Rational.of(whole.amount()).abs();
    List<Part> parts = weights.entrySet().stream().map(e -> part(e, magnitude, sum)).toList();
    long left =
        magnitude.floorToLong()
            - parts.stream()
                .map(Part::floor)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .longValueExact();
    long sign = whole.amount() < 0 ? -1 : 1;
    var result = new TreeMap<String, Won>();
    parts.forEach(p -> result.put(p.key(), new Won(sign * p.floor().longValueExact())));
    parts.stream()
        .sorted(Comparator.comparing(Part::remainder).reversed().thenComparing(Part::key))
        .limit(left)
        .forEach(p -> result.merge(p.key(), new Won(sign), Won::plus));
    return result;
  }

  private static Part part(Map.Entry<String, Rational> e, Rational magnitude, Rational sum) {
    Rational exact = magnitude.multiply(e.getValue().abs()).divide(sum);
    BigInteger floor = exact.num().divide(exact.den());
    return new Part(e.getKey(), floor, exact.subtract(Rational.of(floor, BigInteger.ONE)));
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
