package dev.gpucloud.gateway.limits.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Allowance TEN_A_SECOND = new Allowance(10, Duration.ofSeconds(1));

  @Test
  void givesItsAllowanceAtOnceAndThenOneByOne() {
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, 0);

    assertThat(take(bucket, 12, 0)).isEqualTo(10);
    assertThat(bucket.nanosUntilToken(0)).isEqualTo(SECOND / 10);
    assertThat(bucket.tryTake(SECOND / 10 - 1)).isFalse();
    assertThat(bucket.tryTake(SECOND / 10)).isTrue();
    assertThat(bucket.tryTake(SECOND / 10)).isFalse();
  }

  @Test
  void isFullAfterAWindowOfRestAndNeverMoreThanFull() {
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, 0);
    take(bucket, 10, 0);

    assertThat(take(bucket, 12, SECOND)).isEqualTo(10);
    assertThat(take(bucket, 12, 1000 * SECOND)).isEqualTo(10);
  }

  @Test
  void tellsWhatIsLeftAndWhenItIsAllBack() {
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, 0);
    take(bucket, 3, 0);

    Standing standing = bucket.standing("user-read", SECOND / 20);

    assertThat(standing.remaining()).isEqualTo(7);
    assertThat(standing.nanosUntilFull()).isEqualTo(SECOND / 4);
    assertThat(standing.secondsUntilFull()).isEqualTo(1);
    assertThat(bucket.standing("user-read", SECOND).secondsUntilFull()).isZero();
  }

  @Test
  void takesBackWhatWasGivenForNothing() {
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, 0);
    take(bucket, 10, 0);

    bucket.giveBack();
    assertThat(take(bucket, 5, 0)).isEqualTo(1);

    take(bucket, 1, 10 * SECOND);
    bucket.giveBack();
    bucket.giveBack();
    assertThat(take(bucket, 12, 10 * SECOND)).isEqualTo(10);
  }

  @Test
  void gainsNothingFromAClockThatStandsOrGoesBack() {
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, 5 * SECOND);
    take(bucket, 10, 5 * SECOND);

    assertThat(bucket.tryTake(4 * SECOND)).isFalse();
    assertThat(bucket.tryTake(5 * SECOND + SECOND / 10 - 1)).isFalse();
    assertThat(bucket.tryTake(5 * SECOND + SECOND / 10)).isTrue();
  }

  @Test
  void passesTheEndOfALongClock() {
    long start = Long.MAX_VALUE - SECOND / 20;
    TokenBucket bucket = new TokenBucket(TEN_A_SECOND, start);
    take(bucket, 10, start);

    assertThat(bucket.tryTake(start + SECOND / 10 - 1)).isFalse();
    assertThat(bucket.tryTake(start + SECOND / 10)).isTrue();
  }

  @Test
  void refusesAnAllowanceWhosePartsDoNotFit() {
    assertThatThrownBy(() -> new Allowance(Long.MAX_VALUE, Duration.ofSeconds(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Allowance(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Allowance(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sharesOfReplicasAddUpToNoLessThanTheWhole() {
    for (int replicas = 1; replicas < 30; replicas++) {
      long share = TEN_A_SECOND.shareOf(replicas).requests();
      assertThat(share * replicas).isBetween(10L, 10L + replicas - 1);
    }
  }

  /** What a bucket gives is what exact fractions say, whenever and however often it is asked. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void isWhatExactFractionsSay(long seed) {
    Random random = new Random(seed);
    long requests = 1 + random.nextInt(random.nextBoolean() ? 5 : 50_000);
    Duration window = Duration.ofNanos(1 + random.nextLong(120 * SECOND));
    Allowance allowance = new Allowance(requests, window);
    long now = random.nextLong(Long.MAX_VALUE / 2);
    TokenBucket bucket = new TokenBucket(allowance, now);
    BigInteger token = BigInteger.valueOf(window.toNanos());
    BigInteger full = token.multiply(BigInteger.valueOf(requests));
    BigInteger level = full;

    for (int i = 0; i < 2_000; i++) {
      long step =
          random.nextInt(20) == 0
              ? random.nextLong(2 * window.toNanos() + 1)
              : spacing(random, allowance);
      now += step;
      level = level.add(BigInteger.valueOf(step).multiply(BigInteger.valueOf(requests))).min(full);
      boolean expected = level.compareTo(token) >= 0;
      assertThat(bucket.hasToken(now)).isEqualTo(expected);
      long wait = bucket.nanosUntilToken(now);
      assertThat(wait == 0).isEqualTo(expected);
      assertThat(bucket.tryTake(now)).isEqualTo(expected);
      if (expected) {
        level = level.subtract(token);
      } else {
        assertThat(level.add(BigInteger.valueOf(wait).multiply(BigInteger.valueOf(requests))))
            .isGreaterThanOrEqualTo(token);
      }
      assertThat(bucket.standing("any", now).remaining())
          .isEqualTo(level.divide(token).longValueExact());
    }
  }

  private static long spacing(Random random, Allowance allowance) {
    return random.nextLong(2 * allowance.windowNanos() / allowance.requests() + 2);
  }

  @Test
  void threadsTogetherGetNoMoreThanThereIs() throws Exception {
    TokenBucket bucket = new TokenBucket(new Allowance(1000, Duration.ofSeconds(1)), 0);
    AtomicInteger given = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        pool.submit(
            () -> {
              start.await();
              return given.addAndGet(take(bucket, 1000, SECOND / 2));
            });
      }
      start.countDown();
    }
    assertThat(given).hasValue(1000);
  }

  private static int take(TokenBucket bucket, int times, long now) {
    int given = 0;
    for (int i = 0; i < times; i++) {
      given += bucket.tryTake(now) ? 1 : 0;
    }
    return given;
  }
}
