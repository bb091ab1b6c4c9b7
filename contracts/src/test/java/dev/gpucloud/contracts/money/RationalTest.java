package dev.gpucloud.contracts.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
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

  private static Rational any(Random random) {
    return Rational.of(random.nextInt(-10_000, 10_000), random.nextInt(1, 5_000));
  }
}
