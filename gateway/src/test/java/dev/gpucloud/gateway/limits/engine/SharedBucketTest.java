package dev.gpucloud.gateway.limits.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.limits.engine.Crew.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedBucketTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Allowance SIXTY_A_MINUTE = new Allowance(60, Duration.ofMinutes(1));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 400);
  }

  @Test
  void oneConnectionGetsMoreThanItsShareAtOnceAndAllThatFlowsBack() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);

    // 7 are left for the other replica, which may have given them already
    assertThat(crew.drain(crew.get(0))).isEqualTo(53);

    long given = 0;
    for (int second = 0; second < 600; second++) {
      crew.passNanos(SECOND);
      given += crew.drain(crew.get(0));
      crew.get(0).roundTrip();
    }
    assertThat(given).isEqualTo(600);
    assertThat(crew.beyond()).isZero();
  }

  @Test
  void twoReplicasGiveTheLimitOnce() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);

    long first = crew.drain(crew.get(0));
    long second = crew.drain(crew.get(1));

    assertThat(first).isEqualTo(53);
    assertThat(second).isEqualTo(4); // then it hears of the first
    assertThat(crew.get(0).take()).isFalse();
    assertThat(crew.get(1).take()).isFalse();
  }

  @Test
  void givesItsPortionWhileTheStoreIsSilentAndNoMore() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);

    int given = 0;
    while (crew.get(0).take()) {
      given++;
    }

    assertThat(given).isEqualTo(7);
    assertThat(crew.get(0).isInAHurry()).isTrue();
  }

  @Test
  void littleThatWasGivenWaitsAnEighthOfTheWindowToBeTold() {
    Crew crew = new Crew(new Allowance(6000, Duration.ofMinutes(1)), 2);
    SharedBucket bucket = crew.get(0).bucket();
    crew.get(0).take();

    assertThat(bucket.tell(crew.now())).isZero();
    assertThat(bucket.isClear()).isFalse();
    crew.passNanos(Duration.ofSeconds(60).toNanos() / 8);

    assertThat(bucket.tell(crew.now())).isEqualTo(SECOND / 100);
    bucket.settled(SECOND / 100, crew.now());
    assertThat(bucket.isClear()).isTrue();
  }

  @Test
  void tellsHowTheCommonBucketStands() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);
    crew.drain(crew.get(0));
    crew.get(1).take();
    crew.get(1).tell();
    crew.passNanos(SECOND / 2);
    crew.get(1).take();
    assertThat(crew.get(1).bucket().standing("user-read", crew.now()).remaining()).isEqualTo(58);

    crew.get(1).tell();
    crew.get(1).hear();

    Standing standing = crew.get(1).bucket().standing("user-read", crew.now());
    assertThat(standing.allowance()).isEqualTo(SIXTY_A_MINUTE);
    assertThat(standing.remaining()).isZero();
    assertThat(standing.nanosUntilFull()).isEqualTo(53 * SECOND + SECOND / 2);
  }

  @Test
  void waitingAsLongAsToldIsLongEnough() {
    Crew crew = new Crew(new Allowance(7, Duration.ofMinutes(1)), 3);
    Replica replica = crew.get(1);
    for (int i = 0; i < 500; i++) {
      if (!replica.take()) {
        replica.roundTrip();
        crew.passNanos(replica.bucket().nanosUntilToken(crew.now()));
        assertThat(replica.bucket().hasToken(crew.now())).isTrue();
        assertThat(replica.bucket().nanosUntilToken(crew.now())).isZero();
      }
    }
  }

  @Test
  void aTokenThatWasTakenForNothingIsNotOwed() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);
    Replica replica = crew.get(0);
    crew.drain(replica);
    replica.roundTrip();
    crew.passNanos(SECOND);
    replica.bucket().tryTake(crew.now());

    replica.bucket().giveBack();

    assertThat(replica.bucket().tryTake(crew.now())).isTrue();
    assertThat(replica.bucket().tryTake(crew.now())).isFalse();
  }

  /** Limits of fewer requests than there are replicas: one each at most, and never none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void theSmallestLimitsAreGivenToo(int replicas) {
    Crew crew = new Crew(new Allowance(1, Duration.ofSeconds(10)), replicas);

    for (int round = 0; round < 20; round++) {
      int before = Math.toIntExact(crew.taken());
      assertThat(crew.get(0).take()).isTrue();
      crew.get(0).roundTrip();
      assertThat(crew.get(0).take()).isFalse();
      crew.passNanos(10 * SECOND);
      assertThat(crew.taken()).isEqualTo(before + 1);
    }
    assertThat(crew.beyond()).isZero();
  }

  /** Every order of seven steps: time passes, or one of two replicas gives, tells or hears. */
  @Test
  void inEveryOrderTheyGiveWhatOneBucketWould() {
    Allowance allowance = new Allowance(3, Duration.ofSeconds(3));
    for (int order = 0; order < 7 * 7 * 7 * 7 * 7 * 7 * 7; order++) {
      Crew crew = new Crew(allowance, 2);
      crew.get(0).take();
      for (int left = order, i = 0; i < 7; i++, left /= 7) {
        Replica at = crew.get(left % 7 % 2);
        switch (left % 7) {
          case 0, 1 -> at.take();
          case 2, 3 -> at.tell();
          case 4, 5 -> at.hear();
          default -> crew.passNanos(SECOND);
        }
      }
      assertThat(crew.beyond()).as("order %d", order).isZero();
    }
  }

  @Test
  void aSingleReplicaGivesAllOfTheLimitWithoutTellingAnybody() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 1);
    takeAll(crew.get(0));
    assertThat(crew.taken()).isEqualTo(60);
  }

  /** In whatever order replicas give, tell, hear and lose answers. */
  @ParameterizedTest
  @MethodSource("seeds")
  void togetherTheyGiveWhatOneBucketWould(long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(5);
    Crew crew = new Crew(allowance(random, size), size);
    double[] eager = random.doubles(size).toArray();
    double[] talkative = random.doubles(size).map(chance -> chance * chance).toArray();

    for (int step = 0; step < 2_000; step++) {
      pass(crew, random);
      int at = random.nextInt(size);
      if (random.nextDouble() < eager[at]) {
        for (int i = random.nextInt(30); i >= 0 && crew.get(at).take(); i--) {}
      }
      if (random.nextDouble() < talkative[at]) {
        crew.get(at).tell();
      }
      if (random.nextDouble() < talkative[at]) {
        crew.get(at).hear();
      } else if (random.nextInt(50) == 0) {
        crew.get(at).miss();
      }
    }
    assertThat(crew.taken()).isPositive();
    assertThat(crew.beyond()).isZero();
  }

  /** Each gets at least what flows back, less what it waits, when the others rest. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nobodyStarvesWhereAnotherTookAll(long seed) {
    Random random = new Random(seed);
    int size = 2 + random.nextInt(4);
    Allowance allowance = allowance(random, size);
    Crew crew = new Crew(allowance, size);
    crew.drain(crew.get(0));
    Replica late = crew.get(1);
    crew.drain(late);
    late.roundTrip();

    long before = crew.taken();
    for (int i = 0; i < 800; i++) {
      crew.passNanos(allowance.windowNanos() / 100);
      crew.drain(late);
      late.roundTrip();
    }
    assertThat(crew.taken() - before).isBetween(6 * allowance.requests(), 8 * allowance.requests());
    assertThat(crew.beyond()).isZero();
  }

  /** Both want more than there is: neither gets all of it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void twoThatCompeteBothGet(long seed) {
    Random random = new Random(seed);
    Allowance allowance = new Allowance(100 + random.nextInt(5000), Duration.ofSeconds(60));
    Crew crew = new Crew(allowance, 2);
    long[] given = new long[2];
    for (int i = 0; i < 4_000; i++) {
      int at = random.nextInt(2);
      given[at] += crew.drain(crew.get(at));
      if (random.nextInt(3) == 0) {
        crew.get(at).roundTrip();
      }
      crew.passNanos(random.nextLong(SECOND / 5));
    }
    assertThat(Math.min(given[0], given[1])).isGreaterThan((given[0] + given[1]) / 4);
    assertThat(crew.beyond()).isZero();
  }

  /** One that dies takes what it had not told with it, which is a portion at most. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aDeathCostsAPortionAtMost(long seed) {
    Random random = new Random(seed);
    int size = 2 + random.nextInt(4);
    Allowance allowance = allowance(random, size);
    Crew crew = new Crew(allowance, size);
    walk(crew, crew.replicas(), random, 300);
    List<Replica> left = crew.replicas().subList(1, size);
    walk(crew, left, random, 100); // it is still counted
    left.forEach(replica -> replica.on(new Terms.Together(size - 1)));
    walk(crew, left, random, 300);

    assertThat(crew.beyond()).isLessThanOrEqualTo(portion(allowance, size));
  }

  /** Until the others have heard of one that comes, theirs and its portion may meet. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aNewcomerCostsAPortionAtMost(long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(4);
    Allowance allowance = allowance(random, size + 1);
    Crew crew = new Crew(allowance, size);
    walk(crew, crew.replicas(), random, 300);
    crew.join(new Terms.Together(size + 1));
    walk(crew, crew.replicas(), random, 20);
    crew.allOn(new Terms.Together(size + 1));
    walk(crew, crew.replicas(), random, 300);

    assertThat(crew.beyond()).isLessThanOrEqualTo(portion(allowance, size));
  }

  /** While the store is away shares add up to one bucket more at most, and then it is as before. */
  @ParameterizedTest
  @MethodSource("seeds")
  void withoutTheStoreEachGivesItsShare(long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(5);
    Allowance allowance = new Allowance(size * (1L + random.nextInt(500)), Duration.ofMinutes(1));
    Crew crew = new Crew(allowance, size);
    walk(crew, crew.replicas(), random, 200);
    for (Replica replica : crew.replicas()) {
      replica.miss();
      replica.on(new Terms.Alone(size));
      takeAll(replica);
    }
    long shares = allowance.requests();
    assertThat(crew.beyond()).isLessThanOrEqualTo(shares);

    for (int i = 0; i < 100; i++) {
      pass(crew, random);
      takeAll(crew.get(random.nextInt(size)));
    }
    assertThat(crew.beyond()).isLessThanOrEqualTo(2 * shares);

    crew.allOn(new Terms.Together(size));
    crew.replicas().forEach(Replica::roundTrip);
    long before = crew.beyond();
    walk(crew, crew.replicas(), random, 500);
    assertThat(crew.beyond() - before).isLessThanOrEqualTo(shares);
  }

  @Test
  void theStoreIsToldWhatWasGivenWithoutIt() {
    Crew crew = new Crew(SIXTY_A_MINUTE, 2);
    crew.allOn(new Terms.Alone(2));
    takeAll(crew.get(0));
    takeAll(crew.get(1));
    assertThat(crew.taken()).isEqualTo(60);

    crew.allOn(new Terms.Together(2));
    crew.replicas().forEach(Replica::roundTrip);

    assertThat(crew.get(1).take()).isFalse();
    assertThat(crew.get(1).bucket().standing("any", crew.now()).nanosUntilFull())
        .isEqualTo(60 * SECOND);
  }

  @Test
  void threadsTogetherGetNoMoreThanThereIs() throws Exception {
    AtomicInteger debts = new AtomicInteger();
    Terms together = new Terms.Together(2);
    SharedBucket bucket =
        new SharedBucket(
            new UUID(0, 1),
            new Allowance(4000, Duration.ofHours(1)),
            new Ledger() {
              @Override
              public Terms terms() {
                return together;
              }

              @Override
              public void owes(SharedBucket debtor) {
                debts.incrementAndGet();
              }

              @Override
              public void hurry() {}
            },
            0);
    AtomicInteger given = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        pool.submit(
            () -> {
              while (bucket.tryTake(0)) {
                given.incrementAndGet();
              }
            });
      }
    }
    assertThat(given).hasValue(500);
    assertThat(debts).hasValue(1);
  }

  private static void walk(Crew crew, List<Replica> active, Random random, int steps) {
    for (int step = 0; step < steps; step++) {
      pass(crew, random);
      Replica one = active.get(random.nextInt(active.size()));
      for (int i = random.nextInt(30); i >= 0 && one.take(); i--) {}
      if (random.nextBoolean()) {
        one.tell();
      }
      if (random.nextBoolean()) {
        one.hear();
      }
    }
  }

  private static void takeAll(Replica replica) {
    while (replica.take()) {}
  }

  private static void pass(Crew crew, Random random) {
    long window = crew.windowNanos();
    crew.passNanos(
        switch (random.nextInt(100)) {
          case 0 -> random.nextLong(2 * window);
          case 1, 2, 3, 4, 5 -> random.nextLong(window / 10 + 1);
          default -> random.nextLong(window / 1000 + 1);
        });
  }

  /** Any limit that has a request for each replica. */
  private static Allowance allowance(Random random, int replicas) {
    long requests = replicas + random.nextInt(random.nextBoolean() ? 10 : 2_000);
    return new Allowance(requests, Duration.ofNanos(1 + random.nextLong(120 * SECOND)));
  }

  private static long portion(Allowance allowance, int replicas) {
    return Portion.of(allowance, replicas).ownParts() / allowance.windowNanos();
  }
}
