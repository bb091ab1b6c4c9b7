package dev.gpucloud.gateway.limits.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.devstack.client.SharedStack;
import dev.gpucloud.gateway.limits.shared.BucketStore.Answer;
import dev.gpucloud.gateway.limits.shared.BucketStore.Debt;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of buckets on the real PostgreSQL. */
class BucketTableIT {
  private static final Logger LOG = Logger.getLogger(BucketTableIT.class);
  private static final long SECOND = 1_000_000_000L;
  private static final Duration LIFE = Duration.ofMillis(500);
  private static final String DATABASE = "gateway_" + UUID.randomUUID().toString().substring(0, 8);
  private static Vertx vertx;
  private static Context loop;
  private static SharedStack stack;
  private BucketTable table;

  @BeforeAll
  static void database() throws SQLException {
    vertx = Vertx.vertx();
    loop = vertx.getOrCreateContext();
    stack = SharedStack.attach();
    stack.postgres().createPlainDatabase("gateway", DATABASE);
  }

  @AfterAll
  static void end() {
    vertx.close();
  }

  @BeforeEach
  void newReplica() {
    table = table(Duration.ofSeconds(10));
  }

  private static BucketTable table(Duration patience) {
    return table(DATABASE, patience);
  }

  private static BucketTable table(String database, Duration patience) {
    return table(database, patience, LIFE);
  }

  private static BucketTable table(String database, Duration patience, Duration life) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(URI.create(stack.jdbcUrl(database).substring("jdbc:".length())).getPort())
            .setDatabase(database)
            .setUser("gateway")
            .setPassword(stack.kafka().passwords().of("gateway"));
    return new BucketTable(vertx, options, patience, life);
  }

  @Test
  void debtsAddUpAndFlowBack() throws Exception {
    UUID bucket = UUID.randomUUID();

    assertThat(tell(table, debt(bucket, 10, 60)).nanosUntilFull()).containsOnlyKeys(bucket);
    long untilFull = tell(table(LIFE), debt(bucket, 5, 60)).nanosUntilFull().get(bucket);

    assertThat(untilFull).isBetween(14 * SECOND, 15 * SECOND);
  }

  @Test
  void aBucketThatIsFullBeginsAnew() throws Exception {
    UUID bucket = UUID.randomUUID();
    tell(table, new Debt(bucket, 1, SECOND));
    Thread.sleep(5);

    assertThat(tell(table, debt(bucket, 7, 60)).nanosUntilFull()).containsEntry(bucket, 7 * SECOND);
  }

  @Test
  void nobodyOwesMoreThanTwoWindows() throws Exception {
    UUID bucket = UUID.randomUUID();
    tell(table, debt(bucket, 100, 60));

    assertThat(tell(table, debt(bucket, 100, 60)).nanosUntilFull())
        .containsEntry(bucket, 120 * SECOND);
  }

  @Test
  void countsTheReplicasThatLive() throws Exception {
    String own = DATABASE + "_counted";
    stack.postgres().createPlainDatabase("gateway", own);
    Duration life = Duration.ofSeconds(5);
    BucketTable one = table(own, Duration.ofSeconds(10), life);
    BucketTable other = table(own, Duration.ofSeconds(10), life);
    tell(one);
    tell(other);
    assertThat(tell(one).replicas()).isEqualTo(2);

    await(() -> other.leave());
    assertThat(tell(one).replicas()).isEqualTo(1);

    tell(table(own, Duration.ofSeconds(10), life));
    assertThat(tell(one).replicas()).isEqualTo(2);
    Thread.sleep(life.toMillis() + 100);
    assertThat(tell(one).replicas()).isEqualTo(1);
  }

  @Test
  void manyThatBeginAtOnceMakeTheTablesOnce() throws Exception {
    String another = DATABASE + "_new";
    stack.postgres().createPlainDatabase("gateway", another);
    List<BucketTable> replicas = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      replicas.add(table(another, Duration.ofSeconds(10)));
    }
    List<Future<Answer>> answers = new ArrayList<>();
    for (BucketTable replica : replicas) {
      answers.add(onLoop(() -> replica.tell(List.of())));
    }
    for (Future<Answer> answer : answers) {
      assertThat(get(answer).replicas()).isPositive();
    }
    assertThat(count(another, "limits_schema")).isEqualTo(2);
  }

  @Test
  void replicasThatTellOfTheSameBucketsDoNotStopEachOther() throws Exception {
    List<UUID> buckets = Stream.generate(UUID::randomUUID).limit(500).toList();
    BucketTable other = table(Duration.ofSeconds(10));
    for (int round = 0; round < 20; round++) {
      Future<Answer> one = onLoop(() -> table.tell(shuffled(buckets)));
      Future<Answer> two = onLoop(() -> other.tell(shuffled(buckets)));
      get(one);
      get(two);
    }
    assertThat(tell(table, debt(buckets.getFirst(), 1, 600)).nanosUntilFull().values())
        .singleElement()
        .satisfies(nanos -> assertThat(nanos).isBetween(30 * SECOND, 41 * SECOND));
  }

  @Test
  void sweepsWhatIsFull() throws Exception {
    UUID full = UUID.randomUUID();
    UUID used = UUID.randomUUID();
    tell(table, new Debt(full, 1, SECOND), debt(used, 50, 60));
    Thread.sleep(5);

    await(() -> table.sweep());

    assertThat(count("limits_bucket where id = '" + full + "'")).isZero();
    assertThat(count("limits_bucket where id = '" + used + "'")).isEqualTo(1);
  }

  @Test
  void anAnswerThatDoesNotComeIsAFailureAndTheNextComes() throws Exception {
    tell(table);
    BucketTable hasty = table(Duration.ofMillis(300));
    tell(hasty);
    try (Connection lock = stack.postgres().connect(DATABASE);
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("lock table limits_replica in access exclusive mode");

      assertThatThrownBy(() -> tell(hasty)).isInstanceOf(ExecutionException.class);
    }
    assertThat(tell(hasty).replicas()).isPositive();
  }

  @Test
  void tellsTenThousandBucketsAtOnce() throws Exception {
    List<UUID> buckets = Stream.generate(UUID::randomUUID).limit(10_000).toList();
    long[] millis = new long[25];
    for (int round = 0; round < millis.length; round++) {
      List<Debt> debts = shuffled(buckets);
      long began = System.nanoTime();
      Answer answer = await(() -> table.tell(debts));
      millis[round] = (System.nanoTime() - began) / 1_000_000;
      assertThat(answer.nanosUntilFull()).hasSize(10_000);
    }
    Arrays.sort(millis);
    LOG.infof(
        "a round of 10,000 buckets takes %d ms (%d to %d)", millis[12], millis[0], millis[24]);
    assertThat(millis[12]).isLessThan(5_000);
  }

  private static List<Debt> shuffled(List<UUID> buckets) {
    List<Debt> debts = new ArrayList<>();
    buckets.forEach(bucket -> debts.add(debt(bucket, 1, 600)));
    Collections.shuffle(debts, new Random(7));
    return debts;
  }

  private static Debt debt(UUID bucket, long seconds, long windowSeconds) {
    return new Debt(bucket, seconds * SECOND, windowSeconds * SECOND);
  }

  private static Answer tell(BucketTable table, Debt... debts) throws Exception {
    return await(() -> table.tell(List.of(debts)));
  }

  private static <T> T await(Supplier<Future<T>> work) throws Exception {
    return get(onLoop(work));
  }

  private static <T> Future<T> onLoop(Supplier<Future<T>> work) {
    return Future.future(done -> loop.runOnContext(now -> work.get().onComplete(done)));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static long count(String from) throws SQLException {
    return count(DATABASE, from);
  }

  private static long count(String database, String from) throws SQLException {
    try (Connection admin = stack.postgres().connect(database);
        Statement statement = admin.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
