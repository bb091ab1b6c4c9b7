package dev.gpucloud.contracts.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An exact fraction in lowest terms with a positive denominator. Rated amounts stay rationals until
 * they reach an invoice line, so that no rounding happens twice.
 *
 * <p>Of any size. While numerator and denominator fit a long, as those of an ordinary invoice do,
 * arithmetic uses longs alone; every operation that would not fit goes on in BigInteger. Equal
 * values are equal objects either way, for a value that fits is never kept as BigInteger.
 */
public final class Rational implements Comparable<Rational> {
  public static final Rational ZERO = new Rational(0, 1);
  public static final Rational ONE = new Rational(1, 1);

  private final long num;
  private final long den;
  private final @Nullable Big big;

  /** A fraction of which numerator or denominator fits no long. */
  private record Big(BigInteger num, BigInteger den) {}

  /** Takes what is in lowest terms already, with a positive denominator. */
  private Rational(long num, long den) {
    this.num = num;
    this.den = den;
    this.big = null;
  }

  private Rational(Big big) {
    this.num = 0;
    this.den = 1;
    this.big = big;
  }

  public static Rational of(long value) {
    return new Rational(value, 1);
  }

  /** Throws ArithmeticException when {@code den} is zero. */
  public static Rational of(long num, long den) {
    if (num == Long.MIN_VALUE || den == Long.MIN_VALUE) {
      return of(BigInteger.valueOf(num), BigInteger.valueOf(den));
    }
    if (den == 0) {
      throw new ArithmeticException("denominator is zero");
    }
    long gcd = gcd(Math.abs(num), Math.abs(den));
    return den < 0 ? new Rational(-num / gcd, -den / gcd) : new Rational(num / gcd, den / gcd);
  }

  /** Throws ArithmeticException when {@code den} is zero. */
  public static Rational of(BigInteger num, BigInteger den) {
    if (den.signum() == 0) {
      throw new ArithmeticException("denominator is zero");
    }
    BigInteger gcd = num.gcd(den).multiply(BigInteger.valueOf(den.signum()));
    BigInteger n = num.divide(gcd);
    BigInteger d = den.divide(gcd);
    return n.bitLength() < Long.SIZE && d.bitLength() < Long.SIZE
        ? new Rational(n.longValue(), d.longValue())
        : new Rational(new Big(n, d));
  }

  /** Reads {@code 3}, {@code -1/3} or {@code 1.25}; throws NumberFormatException otherwise. */
  public static Rational parse(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return of(
          new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }
    return of(new BigDecimal(text));
  }

  public static Rational of(BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    return of(plain.unscaledValue(), BigInteger.TEN.pow(plain.scale()));
  }

  /** The numerator in lowest terms, which has the sign. */
  public BigInteger num() {
    return big == null ? BigInteger.valueOf(num) : big.num;
  }

  /** The denominator in lowest terms, above zero. */
  public BigInteger den() {
    return big == null ? BigInteger.valueOf(den) : big.den;
  }

  public Rational add(Rational o) {
    if (big == null && o.big == null) {
      if (den == 1 && o.den == 1) {
        long sum = num + o.num;
        if (((num ^ sum) & (o.num ^ sum)) >= 0) {
          return new Rational(sum, 1);
        }
      } else {
        Rational sum = smallSum(o);
        if (sum != null) {
          return sum;
        }
      }
    }
    BigInteger d = den();
    BigInteger od = o.den();
    return of(num().multiply(od).add(o.num().multiply(d)), d.multiply(od));
  }

  /**
   * Null when it does not fit. With g = gcd of the denominators, the sum over their least common
   * multiple can share with it only factors of g (Knuth, The Art of Computer Programming, 4.5.1).
   */
  private @Nullable Rational smallSum(Rational o) {
    long g = gcd(den, o.den);
    long scale = o.den / g;
    long oScale = den / g;
    if (!fits(num, scale) || !fits(o.num, oScale) || !fits(den, scale)) {
      return null;
    }
    long a = num * scale;
    long b = o.num * oScale;
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0 || sum == Long.MIN_VALUE) {
      return null;
    }
    long common = gcd(Math.abs(sum), g);
    return new Rational(sum / common, den / common * scale);
  }

  public Rational subtract(Rational o) {
    return add(o.negate());
  }

  public Rational multiply(Rational o) {
    if (big == null && o.big == null) {
      Rational product = smallProduct(num, den, o.num, o.den);
      if (product != null) {
        return product;
      }
    }
    return of(num().multiply(o.num()), den().multiply(o.den()));
  }

  /** Null when it does not fit; the factors are in lowest terms, so crosswise is enough. */
  private static @Nullable Rational smallProduct(long n, long d, long on, long od) {
    if (n == Long.MIN_VALUE || on == Long.MIN_VALUE) {
      return null;
    }
    long g = gcd(Math.abs(n), od);
    long og = gcd(Math.abs(on), d);
    long a = n / g;
    long b = on / og;
    long c = d / og;
    long e = od / g;
    return fits(a, b) && fits(c, e) ? new Rational(a * b, c * e) : null;
  }

  public Rational multiply(long factor) {
    return multiply(of(factor));
  }

  /** Throws ArithmeticException when {@code o} is zero. */
  public Rational divide(Rational o) {
    if (big == null && o.big == null && o.num != 0 && o.num != Long.MIN_VALUE) {
      Rational quotient =
          o.num > 0 ? smallProduct(num, den, o.den, o.num) : smallProduct(num, den, -o.den, -o.num);
      if (quotient != null) {
        return quotient;
      }
    }
    return of(num().multiply(o.den()), den().multiply(o.num()));
  }

  public Rational negate() {
    return big == null && num != Long.MIN_VALUE
        ? new Rational(-num, den)
        : of(num().negate(), den());
  }

  public Rational abs() {
    return signum() < 0 ? negate() : this;
  }

  public int signum() {
    return big == null ? Long.signum(num) : big.num.signum();
  }

  public boolean isZero() {
    return signum() == 0;
  }

  public Rational min(Rational o) {
    return compareTo(o) <= 0 ? this : o;
  }

  public Rational max(Rational o) {
    return compareTo(o) >= 0 ? this : o;
  }

  /** Nearest whole number, halves away from zero; throws ArithmeticException beyond a long. */
  public long roundHalfUpToLong() {
    if (big == null && den == 1) {
      return num;
    }
    return new BigDecimal(num())
        .divide(new BigDecimal(den()), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** Largest whole number not above this one; throws ArithmeticException beyond a long. */
  public long floorToLong() {
    return big == null
        ? Math.floorDiv(num, den)
        : new BigDecimal(big.num)
            .divide(new BigDecimal(big.den), 0, RoundingMode.FLOOR)
            .longValueExact();
  }

  /**
   * Twelve decimals, HALF_UP: the form in which exports show a rated amount beside its fraction.
   */
  public String toDecimal12() {
    return new BigDecimal(num())
        .divide(new BigDecimal(den()), 12, RoundingMode.HALF_UP)
        .toPlainString();
  }

  @Override
  public int compareTo(Rational o) {
    if (big == null && o.big == null) {
      if (den == o.den) {
        return Long.compare(num, o.num);
      }
      int high = Long.compare(Math.multiplyHigh(num, o.den), Math.multiplyHigh(o.num, den));
      return high != 0 ? high : Long.compareUnsigned(num * o.den, o.num * den);
    }
    return num().multiply(o.den()).compareTo(o.num().multiply(den()));
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Rational other
        && num == other.num
        && den == other.den
        && (big == null ? other.big == null : big.equals(other.big));
  }

  @Override
  public int hashCode() {
    return big == null ? 31 * Long.hashCode(num) + Long.hashCode(den) : big.hashCode();
  }

  /** {@code num} or {@code num/den}; {@link #parse} reads it back. */
  @Override
  public String toString() {
    if (big != null) {
      return big.den.equals(BigInteger.ONE) ? big.num.toString() : big.num + "/" + big.den;
    }
    return den == 1 ? Long.toString(num) : num + "/" + den;
  }

  private static boolean fits(long a, long b) {
    return Math.multiplyHigh(a, b) == (a * b) >> 63;
  }

  /** Of two numbers not below zero, by halving (Stein 1967); of zero and zero, 1. */
  private static long gcd(long a, long b) {
    if (a == 1 || b == 1) {
      return 1;
    }
    if (a == 0 || b == 0) {
      return Math.max(1, a | b);
    }
    int twos = Long.numberOfTrailingZeros(a | b);
    long x = a >> Long.numberOfTrailingZeros(a);
    long y = b;
    while (y != 0) {
      y >>= Long.numberOfTrailingZeros(y);
      if (x > y) {
        long swap = x;
        x = y;
        y = swap;
      }
      y -= x;
    }
    return x << twos;
  }
}
