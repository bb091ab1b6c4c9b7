package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.crash.CrashPoints;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.function.Function;

/** What every pool's writer works with. */
@ApplicationScoped
class WriterParts {
  private final Transactions transactions;
  private final PlacementThread thread;
  private final ChangeWriter changes;
  private final KeyRows keys;
  private final WriterMetrics metrics;
  private final PlacementConfig config;
  private final CrashPoints crashPoints;
  private final InstantSource businessClock;
  private final InstantSource systemClock;

  WriterParts(
      Transactions transactions,
      PlacementThread thread,
      ChangeWriter changes,
      KeyRows keys,
      WriterMetrics metrics,
      PlacementConfig config,
      CrashPoints crashPoints,
      @Business InstantSource businessClock,
      @SystemClock InstantSource systemClock) {
    this.transactions = transactions;
    this.thread = thread;
    this.changes = changes;
    this.keys = keys;
    this.metrics = metrics;
    this.config = config;
    this.crashPoints = crashPoints;
    this.businessClock = businessClock;
    this.systemClock = systemClock;
  }

  /** One transaction; what follows runs on the placement thread. */
  <T> Uni<T> transaction(Function<SqlConnection, Uni<T>> work) {
    return thread.here(transactions.systemSql(work));
  }

  WriterMetrics metrics() {
    return metrics;
  }

  PlacementConfig config() {
    return config;
  }

  CrashPoints crashPoints() {
    return crashPoints;
  }

  InstantSource businessClock() {
    return businessClock;
  }

  InstantSource systemClock() {
    return systemClock;
  }

  PoolBatch batch(OwnedPool pool, Moment now, boolean quotaFirst) {
    return new PoolBatch(pool, changes, keys, now, config.silence(), quotaFirst);
  }
}
