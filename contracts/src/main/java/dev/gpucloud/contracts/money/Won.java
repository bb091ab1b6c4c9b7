package dev.gpucloud.contracts.money;

/** Whole won, as on an invoice line; arithmetic throws ArithmeticException on overflow. */
public record Won(long amount) implements Comparable<Won> {
  public static final Won ZERO = new Won(0);

  public Won plus(Won other) {
    return new Won(Math.addExact(amount, other.amount));
  }

  public Won minus(Won other) {
    return new Won(Math.subtractExact(amount, other.amount));
  }

  public Won negate() {
    return new Won(Math.negateExact(amount));
  }

  public Money toMoney() {
    return Money.krw(amount);
  }

  @Override
  public int compareTo(Won other) {
    return Long.compare(amount, other.amount);
  }
}
