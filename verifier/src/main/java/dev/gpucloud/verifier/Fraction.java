package dev.gpucloud.verifier;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** An exact fraction of two whole numbers. */
record Fraction(BigInteger top, BigInteger bottom) {
  static final Fraction ZERO = of(0);
  static final Fraction ONE = of(1);

  Fraction {
    if (bottom.signum() == 0) {
      throw new ArithmeticException("a fraction over zero");
    }
    if (bottom.signum() < 0) {
      top = top.negate();
      bottom = bottom.negate();
    }
    BigInteger common = top.gcd(bottom);
    top = top.divide(common);
    bottom = bottom.divide(common);
  }

  static Fraction of(long whole) {
    return new Fraction(BigInteger.valueOf(whole), BigInteger.ONE);
  }

  /** Reads {@code 7/3} or a decimal number. */
  static Fraction parse(String text) {
    String[] parts = text.split("/", 2);
    if (parts.length == 2) {
      return new Fraction(new BigInteger(parts[0]), new BigInteger(parts[1]));
    }
    BigDecimal decimal = new BigDecimal(text);
    int scale = Math.max(decimal.scale(), 0);
    return new Fraction(decimal.setScale(scale).unscaledValue(), BigInteger.TEN.pow(scale));
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  Fraction minus(Fraction other) {
    return plus(new Fraction(other.top.negate(), other.bottom));
  }

  Fraction times(Fraction other) {
    return new Fraction(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Fraction over(Fraction other) {
    return new Fraction(top.multiply(other.bottom), bottom.multiply(other.top));
  }

  boolean isPositive() {
    return top.signum() > 0;
  }

  Fraction smaller(Fraction other) {
    return minus(other).isPositive() ? other : this;
  }

  /** The largest whole number not above it. */
  BigInteger floor() {
    BigInteger[] parts = top.divideAndRemainder(bottom);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** Twelve decimals, halves away from zero: what stands beside a fraction. */
  BigDecimal decimal() {
    return new BigDecimal(top).divide(new BigDecimal(bottom), 12, RoundingMode.HALF_UP);
  }

  /** Whole won, halves away from zero. */
  BigInteger rounded() {
    return new BigDecimal(top)
        .divide(new BigDecimal(bottom), 0, RoundingMode.HALF_UP)
        .toBigIntegerExact();
  }

  @Override
  public String toString() {
    return bottom.equals(BigInteger.ONE) ? top.toString() : top + "/" + bottom;
  }
}
