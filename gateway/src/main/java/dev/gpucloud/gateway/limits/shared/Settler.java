package dev.gpucloud.gateway.limits.shared;

import dev.gpucloud.gateway.limits.engine.Ledger;
import dev.gpucloud.gateway.limits.engine.SharedBucket;
import dev.gpucloud.gateway.limits.engine.Terms;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells the store in the background what buckets have given, all of them in one statement, every
 * interval and sooner when one is in a hurry; one statement at a time. After some failures in a row
 * buckets give static shares until the store answers again.
 */
final class Settler implements Ledger {
  /** Between signs of life when there is nothing to tell. */
  static final Duration BEAT = Duration.ofSeconds(1);

  private static final Logger LOG = Logger.getLogger(Settler.class);
  private static final int MOST_AT_ONCE = 2_000;
  private static final int MOST_FAILURES = 3;
  private static final long PAUSE_MILLIS = 20;
  private static final long SWEEP_MILLIS = 10_000;

  private final Vertx vertx;
  private final Context loop;
  private final BucketStore store;
  private final Duration interval;
  private final Terms.Alone alone;
  private final MeterRegistry meters;
  private final Queue<SharedBucket> debtors = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean hurried = new AtomicBoolean();
  private volatile Terms terms;
  // of the loop alone
  private boolean busy;
  private boolean again;
  private int failures;
  private long beganNanos = System.nanoTime();
  private long heardNanos = System.nanoTime() - BEAT.toNanos();

  Settler(
      Vertx vertx, BucketStore store, Duration interval, Terms.Alone alone, MeterRegistry meters) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.store = store;
    this.interval = interval;
    this.alone = alone;
    this.terms = alone;
    this.meters = meters;
    meters.gauge("gpucloud.gateway.limits.replicas", this, Settler::replicas);
  }

  void start() {
    loop.runOnContext(
        now -> {
          round();
          vertx.setPeriodic(interval.toMillis(), tick -> round());
          vertx.setPeriodic(SWEEP_MILLIS, tick -> sweep());
        });
  }

  /** Tells what is left to tell, and that this replica ends. */
  Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    loop.runOnContext(
        now -> store.tell(collect().debts()).compose(told -> store.leave()).onComplete(stopped));
    return stopped.future();
  }

  @Override
  public Terms terms() {
    return terms;
  }

  @Override
  public void owes(SharedBucket debtor) {
    debtors.add(debtor);
  }

  @Override
  public void hurry() {
    if (hurried.compareAndSet(false, true)) {
      loop.runOnContext(now -> soon());
    }
  }

  private int replicas() {
    return terms instanceof Terms.Together together ? together.replicas() : 0;
  }

  private Round collect() {
    return Round.of(debtors, MOST_AT_ONCE, System.nanoTime());
  }

  /** At once after a rest, else so that there is a pause between two rounds. */
  private void soon() {
    long restedMillis = (System.nanoTime() - beganNanos) / 1_000_000;
    if (restedMillis >= PAUSE_MILLIS) {
      hurriedRound();
    } else {
      vertx.setTimer(PAUSE_MILLIS - restedMillis, rested -> hurriedRound());
    }
  }

  private void hurriedRound() {
    hurried.set(false);
    round();
  }

  private void round() {
    if (busy) {
      again = true;
      return;
    }
    Round round = collect();
    long now = System.nanoTime();
    if (round.debts().isEmpty() && now - heardNanos < BEAT.toNanos()) {
      return;
    }
    busy = true;
    beganNanos = now;
    store.tell(round.debts()).onComplete(answer -> ended(round, answer, System.nanoTime() - now));
  }

  private void ended(Round round, AsyncResult<BucketStore.Answer> answer, long tookNanos) {
    busy = false;
    if (answer.succeeded()) {
      heard(answer.result());
      round.settled(answer.result().nanosUntilFull(), System.nanoTime());
    } else {
      round.unsettled();
      missed(answer.cause());
    }
    meters
        .timer("gpucloud.gateway.limits.rounds", "outcome", answer.succeeded() ? "told" : "failed")
        .record(tookNanos, TimeUnit.NANOSECONDS);
    if (again || round.debts().size() == MOST_AT_ONCE) {
      again = false;
      hurry();
    }
  }

  private void heard(BucketStore.Answer answer) {
    heardNanos = System.nanoTime();
    failures = 0;
    if (terms instanceof Terms.Together together && together.replicas() == answer.replicas()) {
      return;
    }
    LOG.infof("Limits are shared through the store; replicas alive: %d", answer.replicas());
    terms = new Terms.Together(answer.replicas());
  }

  private void missed(Throwable cause) {
    failures++;
    if (failures == MOST_FAILURES) {
      LOG.warnf("The store of limits is away, so limits are static shares: %s", cause.getMessage());
      terms = alone;
    }
  }

  private void sweep() {
    if (terms instanceof Terms.Together && !busy) {
      store.sweep().onFailure(cause -> LOG.debugf(cause, "Full buckets stay for now"));
    }
  }
}
