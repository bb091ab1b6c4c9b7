package dev.gpucloud.benchmarks.writer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.inventory.fleet.FleetImport;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Pools;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Allocates and releases through the service's own allocation writer and PostgreSQL, half and half,
 * and prints one line of CSV. Refuses a database without fsync, and checks at the end from the rows
 * alone that no slice was held twice and that quota counts what is held.
 */
@QuarkusMain
public class DurableBenchmark implements QuarkusApplication {
  private static final String HEADER =
      "what,hosts,pools,fill_pct,in_flight,operations,ops_per_s,ops_per_s_min,ops_per_s_max,p50_ms,"
          + "p99_ms,p99_ms_min,p99_ms_max,jvm_us_per_op,postgresql_us_per_op,wal_bytes_per_op,fsync,"
          + "synchronous_commit,persistence,load,commit";
  private static final int RUNS = 5;
  private static final int WARM_UPS = 4;
  private static final double WHOLE_HOSTS = 0.5;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final PrintWriter out =
      new PrintWriter(
          new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
          true);
  private final Work work;
  private final FleetImport fleetImport;
  private final Transactions transactions;
  private final Pools pools;
  private final Placement placement;
  private final ObjectMapper json;
  private final Context loop;

  DurableBenchmark(
      Work work,
      FleetImport fleetImport,
      Transactions transactions,
      Pools pools,
      Placement placement,
      ObjectMapper json,
      Vertx vertx) {
    this.work = work;
    this.fleetImport = fleetImport;
    this.transactions = transactions;
    this.pools = pools;
    this.placement = placement;
    this.json = json;
    this.loop = ((VertxInternal) vertx).createEventLoopContext();
  }

  @Override
  public int run(String... args) throws Exception {
    Settings settings = Settings.of(args);
    try (BenchDatabase database =
        BenchDatabase.connect(
            System.getenv("DURABLE_JDBC_URL"), System.getenv("DURABLE_ADMIN_PASSWORD"))) {
      BenchDatabase.Durability durability = database.requireDurable();
      BenchWorld world = fill(database, settings);
      List<Run> runs = new ArrayList<>();
      for (int n = 0; n < WARM_UPS + RUNS; n++) {
        Run run = measure(database, world, settings);
        System.err.printf(
            Locale.ROOT,
            "%s %.0f/s, p99 %.1f ms, %.1f + %.1f us, %.0f bytes of log%n",
            n < WARM_UPS ? "warm-up" : "run",
            run.perSecond(),
            run.p99(),
            run.jvm(),
            run.postgres(),
            run.log());
        if (n >= WARM_UPS) {
          runs.add(run);
        }
      }
      Checker.check(database);
      print(settings, runs, durability);
      return 0;
    }
  }

  /** Ninety percent full: half of the hosts by whole, the rest by single GPUs. */
  private BenchWorld fill(BenchDatabase database, Settings settings) throws Exception {
    BenchWorld world = BenchWorld.tenants(database, json, settings.pools());
    transactions
        .asPlatform(s -> fleetImport.run(s, tree(world.fleet(settings.hosts())), "benchmark"))
        .await()
        .atMost(PATIENCE);
    awaitPools(settings.pools());
    Proofs.publishElsewhere(database);
    int whole = (int) (settings.hosts() * WHOLE_HOSTS);
    int single = settings.hosts() * BenchWorld.GPUS_PER_HOST * 9 / 10 - whole * 8;
    ClosedLoop.run(loop, whole, 256, n -> work.allocate(world.customer(n), world.pool(n).type(8)));
    ClosedLoop.run(loop, single, 256, n -> work.allocate(world.customer(n), world.pool(n).type(1)));
    database.execute("vacuum analyze");
    return world;
  }

  private com.fasterxml.jackson.databind.JsonNode tree(String document) {
    try {
      return json.readTree(document);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitPools(int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (placement.surveyByModel((m, index) -> m).await().atMost(PATIENCE).size() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the pools are not owned");
      }
      pools.refresh().await().atMost(PATIENCE);
      Thread.sleep(100);
    }
  }

  /** Figures of one run; CPU in microseconds and write-ahead log in bytes per operation. */
  private record Run(
      double perSecond,
      double p50,
      double p99,
      double jvm,
      double postgres,
      double log,
      double load) {}

  private Run measure(BenchDatabase database, BenchWorld world, Settings settings)
      throws SQLException, IOException {
    List<Proofs.Due> due = Proofs.carryIn(database, settings.operations() / 2);
    int operations = 2 * due.size();
    double jvmBefore = SYSTEM.getProcessCpuTime() / 1e3;
    double postgresBefore = database.cpuMicros();
    double logBefore = database.logBytes();
    long begin = System.nanoTime();
    long[] nanos =
        ClosedLoop.run(
            loop,
            operations,
            settings.inFlight(),
            n ->
                n % 2 == 0
                    ? work.release(due.get(n / 2))
                    : work.allocate(world.customer(n / 2), world.pool(n / 2).type(1)));
    double seconds = (System.nanoTime() - begin) / 1e9;
    double jvm = SYSTEM.getProcessCpuTime() / 1e3 - jvmBefore;
    double postgres = database.cpuMicros() - postgresBefore;
    double log = database.logBytes() - logBefore;
    return new Run(
        operations / seconds,
        nanos[operations / 2] / 1e6,
        nanos[(int) Math.ceil(operations * 0.99) - 1] / 1e6,
        jvm / operations,
        postgres / operations,
        log / operations,
        SYSTEM.getSystemLoadAverage());
  }

  private void print(Settings settings, List<Run> runs, BenchDatabase.Durability durability) {
    if (settings.header()) {
      out.println(HEADER);
    }
    Spread rate = Spread.of(runs, Run::perSecond);
    Spread p99 = Spread.of(runs, Run::p99);
    out.println(
        String.format(
            Locale.ROOT,
            "durable-allocate-release,%d,%d,90,%d,%d,%.0f,%.0f,%.0f,%.1f,%.1f,%.1f,%.1f,%.1f,%.1f,%.0f,%s,%s,%s,%.2f,%s",
            settings.hosts(),
            settings.pools(),
            settings.inFlight(),
            settings.operations(),
            rate.median(),
            rate.min(),
            rate.max(),
            Spread.of(runs, Run::p50).median(),
            p99.median(),
            p99.min(),
            p99.max(),
            Spread.of(runs, Run::jvm).median(),
            Spread.of(runs, Run::postgres).median(),
            Spread.of(runs, Run::log).median(),
            durability.fsync(),
            durability.synchronousCommit(),
            durability.persistence(),
            Spread.of(runs, Run::load).median(),
            settings.commit()));
  }
}
