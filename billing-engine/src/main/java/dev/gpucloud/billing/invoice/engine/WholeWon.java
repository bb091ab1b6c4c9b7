package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Splits whole won into whole won. */
public final class WholeWon {
  private WholeWon() {}

  /**
   * The floor of each exact part, and what is left to the whole by the largest remainder, ties to
   * the earlier part. They sum to the whole, even where the parts do not; a minus is split as its
   * magnitude is.
   */
  public static List<Won> split(Won whole, List<Rational> exact) {
    Rational sum = exact.stream().reduce(Rational.ZERO, Rational::add);
    if (sum.signum() < 0) {
      return split(whole.negate(), exact.stream().map(Rational::negate).toList()).stream()
          .map(Won::negate)
          .toList();
    }
    var parts = new ArrayList<>(exact.stream().map(e -> new Won(e.floorToLong())).toList());
    List<Integer> order = byRemainder(exact);
    long missing = whole.minus(parts.stream().reduce(Won.ZERO, Won::plus)).amount();
    long each = Math.floorDiv(missing, Math.max(1, parts.size()));
    long more = missing - each * parts.size();
    for (int i = 0; i < parts.size(); i++) {
      Won add = new Won(i < more ? each + 1 : each);
      parts.set(order.get(i), parts.get(order.get(i)).plus(add));
    }
    return List.copyOf(parts);
  }

  private static List<Integer> byRemainder(List<Rational> exact) {
    return IntStream.range(0, exact.size())
        .boxed()
        .sorted(
            Comparator.<Integer, Rational>comparing(
                    i -> exact.get(i).subtract(Rational.of(exact.get(i).floorToLong())))
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }
}
