package dev.gpucloud.billing.statement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gpucloud.contracts.money.Rational;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ExactSumTest {
  @Test
  void isWhatAddingOneByOneComesTo() {
    var random = new Random(1);
    var sum = new ExactSum();
    assertThat(sum.value()).isEqualTo(Rational.ZERO);
    Rational one = Rational.ZERO;
    for (int i = 0; i < 500; i++) {
      Rational each = Rational.of(random.nextInt(-1000, 1000), random.nextInt(1, 50));
      sum.add(each);
      one = one.add(each);
    }
    assertThat(sum.value()).isEqualTo(one);
  }

  @Test
  @Timeout(20)
  void bearsAMonthOfHoursThatEachHaveADenominatorOfTheirOwn() {
    var random = new Random(2);
    var sum = new ExactSum();
    assertThatCode(
            () -> {
              for (long hour = 0; hour < Duration.ofDays(30).toHours(); hour++) {
                long denominator = random.nextLong(1L << 30, 1L << 31);
                for (int row = 0; row < 300; row++) {
                  sum.add(Rational.of(random.nextInt(1, 1 << 20), denominator));
                }
              }
              sum.value();
            })
        .doesNotThrowAnyException();
  }
}
