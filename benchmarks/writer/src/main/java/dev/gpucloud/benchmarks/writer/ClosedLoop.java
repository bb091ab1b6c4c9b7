package dev.gpucloud.benchmarks.writer;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Carries out operations 0..n-1 with a fixed number of them under way, as requests on an event loop
 * would: the next begins when one ends.
 */
final class ClosedLoop {
  private final Context loop;
  private final IntFunction<Uni<Void>> operation;
  private final long[] nanos;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int begun;
  private int ended;

  private ClosedLoop(Context loop, int operations, IntFunction<Uni<Void>> operation) {
    this.loop = loop;
    this.operation = operation;
    this.nanos = new long[operations];
  }

  /** Blocks until all are carried out, and answers how long each took, sorted. */
  static long[] run(Context loop, int operations, int inFlight, IntFunction<Uni<Void>> operation) {
    ClosedLoop closed = new ClosedLoop(loop, operations, operation);
    loop.runOnContext(
        v -> {
          for (int n = 0; n < Math.min(inFlight, operations); n++) {
            closed.next();
          }
        });
    closed.done.join();
    Arrays.sort(closed.nanos);
    return closed.nanos;
  }

  private void next() {
    if (begun == nanos.length) {
      return;
    }
    int number = begun++;
    long begin = System.nanoTime();
    operation
        .apply(number)
        .subscribe()
        .with(v -> loop.runOnContext(w -> end(number, begin)), done::completeExceptionally);
  }

  private void end(int number, long begin) {
    nanos[number] = System.nanoTime() - begin;
    if (++ended == nanos.length) {
      done.complete(null);
    } else {
      next();
    }
  }
}
