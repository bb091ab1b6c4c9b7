package dev.gpucloud.contracts.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RationalTest {
  @ParameterizedTest(name = "{0}/{1} rounds to {2}, floors to {3}")
  @CsvSource({"1,2,1,0", "-1,2,-1,-1", "10004,10,1000,1000", "3,2,2,1", "-3,2,-2,-2", "7,7,1,1"})
  void roundsHalvesAwayFromZeroAndFloorsDown(long num, long den, long rounded, long floored) {
    Rational value = Rational.of(num, den);

    assertThat(value.roundHalfUpToLong()).isEqualTo(rounded);
    assertThat(value.floorToLong()).isEqualTo(floored);
  }

  @Test
  void isNormalisedSoThatEqualValuesAreEqual() {
    assertThat(Rational.of(2, -4)).isEqualTo(Rational.of(-1, 2)).hasToString("-1/2");
    assertThat(Rational.parse("1.25")).isEqualTo(Rational.parse("5/4"));
    assertThat(Rational.of(new BigDecimal("1E3"))).isEqualTo(Rational.of(1000));
  }

  @Test
  void refusesAZeroDenominatorAndOverflow() {
    assertThatThrownBy(() -> Rational.of(1, 0)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Rational.of(Long.MAX_VALUE).multiply(2).roundHalfUpToLong())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void showsTwelveDecimals() {
    assertThat(Rational.of(1, 3).toDecimal12()).isEqualTo("0.333333333333");
    assertThat(Rational.of(-2, 3).toDecimal12()).isEqualTo("-0.666666666667");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void obeysTheLawsOfAField(long seed) {
    Random random = new Random(seed);
    Rational a = any(random);
    Rational b = any(random);
    Rational c = any(random);

    assertThat(a.add(b).multiply(c)).isEqualTo(a.multiply(c).add(b.multiply(c)));
    assertThat(a.subtract(b).add(b)).isEqualTo(a);
    assertThat(b.isZero() ? a : a.divide(b).multiply(b)).isEqualTo(a);
    assertThat(Rational.parse(a.toString())).isEqualTo(a);
    assertThat(a.compareTo(b)).isEqualTo(-b.compareTo(a));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void isExactWhereLongsEnd(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      BigInteger a = large(random);
      BigInteger b = large(random).abs().max(BigInteger.ONE);
      BigInteger c = large(random);
      BigInteger d = large(random).abs().max(BigInteger.ONE);
      Rational x = Rational.of(a, b);
      Rational y = Rational.of(c, d);

      same(x.add(y), a.multiply(d).add(c.multiply(b)), b.multiply(d));
      same(x.subtract(y), a.multiply(d).subtract(c.multiply(b)), b.multiply(d));
      same(x.multiply(y), a.multiply(c), b.multiply(d));
      if (c.signum() != 0) {
        same(x.divide(y), a.multiply(d), b.multiply(c));
      }
      assertThat(x.compareTo(y)).isEqualTo(a.multiply(d).compareTo(c.multiply(b)));
      assertThat(x.num().gcd(x.den())).isEqualTo(BigInteger.ONE);
    }
  }

  private static void same(Rational actual, BigInteger num, BigInteger den) {
    BigInteger gcd = num.gcd(den).multiply(BigInteger.valueOf(den.signum()));
    assertThat(actual.num()).isEqualTo(num.divide(gcd));
    assertThat(actual.den()).isEqualTo(den.divide(gcd));
    Rational again = Rational.parse(actual.toString());
    assertThat(again).isEqualTo(actual).hasSameHashCodeAs(actual);
  }

  /** Zero, small ones, and ones around the ends of int and long. */
  private static BigInteger large(Random random) {
    BigInteger around =
        switch (random.nextInt(6)) {
          case 0 -> BigInteger.ZERO;
          case 1 -> BigInteger.TWO.pow(31);
          case 2 -> BigInteger.valueOf(Long.MAX_VALUE);
          case 3 -> BigInteger.valueOf(Long.MIN_VALUE);
          case 4 -> BigInteger.TWO.pow(90);
          default -> BigInteger.valueOf(random.nextLong());
        };
    return around.add(BigInteger.valueOf(random.nextInt(-5, 6)));
  }

  private static Rational any(Random random) {
    return Rational.of(random.nextInt(-10_000, 10_000), random.nextInt(1, 5_000));
  }
}
