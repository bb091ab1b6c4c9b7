package dev.gpucloud.contracts.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact fraction in lowest terms with a positive denominator. Rated amounts stay rationals until
 * they reach an invoice line, so that no rounding happens twice.
 */
public record Rational(BigInteger num, BigInteger den) implements Comparable<Rational> {
  public static final Rational ZERO = of(0);
  public static final Rational ONE = of(1);

  /** Normalises sign and common factors. Throws ArithmeticException when {@code den} is zero. */
  public Rational {
    if (den.signum() == 0) {
      throw new ArithmeticException("denominator is zero");
    }
    BigInteger gcd = num.gcd(den).multiply(BigInteger.valueOf(den.signum()));
    num = num.divide(gcd);
    den = den.divide(gcd);
  }

  public static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  public static Rational of(long num, long den) {
    return new Rational(BigInteger.valueOf(num), BigInteger.valueOf(den));
  }

  /** Reads {@code 3}, {@code -1/3} or {@code 1.25}; throws NumberFormatException otherwise. */
  public static Rational parse(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return new Rational(
          new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }
    return of(new BigDecimal(text));
  }

  public static Rational of(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    return new Rational(plain.unscaledValue(), BigInteger.TEN.pow(plain.scale()));
  }

  public Rational add(Rational o) {
    return new Rational(num.multiply(o.den).add(o.num.multiply(den)), den.multiply(o.den));
  }

  public Rational subtract(Rational o) {
    return add(o.negate());
  }

  public Rational multiply(Rational o) {
    return new Rational(num.multiply(o.num), den.multiply(o.den));
  }

  public Rational multiply(long factor) {
    return new Rational(num.multiply(BigInteger.valueOf(factor)), den);
  }

  /** Throws ArithmeticException when {@code o} is zero. */
  public Rational divide(Rational o) {
    return new Rational(num.multiply(o.den), den.multiply(o.num));
  }

  public Rational negate() {
    return new Rational(num.negate(), den);
  }

  public Rational abs() {
    return num.signum() < 0 ? negate() : this;
  }

  public int signum() {
    return num.signum();
  }

  public boolean isZero() {
    return num.signum() == 0;
  }

  public Rational min(Rational o) {
    return compareTo(o) <= 0 ? this : o;
  }

  public Rational max(Rational o) {
    return compareTo(o) >= 0 ? this : o;
  }

  /** Nearest whole number, halves away from zero; throws ArithmeticException beyond a long. */
  public long roundHalfUpToLong() {
    return new BigDecimal(num)
        .divide(new BigDecimal(den), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** Largest whole number not above this one; throws ArithmeticException beyond a long. */
  public long floorToLong() {
    return new BigDecimal(num).divide(new BigDecimal(den), 0, RoundingMode.FLOOR).longValueExact();
  }

  /**
   * Twelve decimals, HALF_UP: the form in which exports show a rated amount beside its fraction.
   */
  public String toDecimal12() {
    return new BigDecimal(num)
        .divide(new BigDecimal(den), 12, RoundingMode.HALF_UP)
        .toPlainString();
  }

  @Override
  public int compareTo(Rational o) {
    return num.multiply(o.den).compareTo(o.num.multiply(den));
  }

  /** {@code num} or {@code num/den}; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return den.equals(BigInteger.ONE) ? num.toString() : num + "/" + den;
  }
}
