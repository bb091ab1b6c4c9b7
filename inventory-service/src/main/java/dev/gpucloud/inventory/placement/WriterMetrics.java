package dev.gpucloud.inventory.placement;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an operator sees of the allocation writers of this replica. */
@ApplicationScoped
class WriterMetrics {
  private final MeterRegistry meters;
  private final DistributionSummary batchSize;
  private final Timer commit;
  private final Counter guardMismatches;
  private final Counter rebuilds;
  private final Counter retries;
  private final Map<String, Collection<?>> queues = new ConcurrentHashMap<>();

  WriterMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.batchSize = DistributionSummary.builder("gpucloud.writer.batch.size").register(meters);
    this.commit = Timer.builder("gpucloud.writer.commit").register(meters);
    this.guardMismatches = meters.counter("gpucloud.writer.guard.mismatches");
    this.rebuilds = meters.counter("gpucloud.writer.rebuilds");
    this.retries = meters.counter("gpucloud.writer.retries");
  }

  /** The gauge follows the pool's present writer. */
  void watchQueue(String pool, Collection<?> queue) {
    boolean first = queues.put(pool, queue) == null;
    if (first) {
      meters.gauge(
          "gpucloud.writer.queue", List.of(Tag.of("pool", pool)), queues, q -> q.get(pool).size());
    }
  }

  void committed(int tasks, Timer.Sample sample) {
    batchSize.record(tasks);
    sample.stop(commit);
  }

  Timer.Sample start() {
    return Timer.start(meters);
  }

  void outcome(Outcome outcome) {
    meters
        .counter("gpucloud.writer.outcomes", "outcome", outcome.getClass().getSimpleName())
        .increment();
  }

  void guardMismatch() {
    guardMismatches.increment();
  }

  void rebuilt() {
    rebuilds.increment();
  }

  void retried() {
    retries.increment();
  }
}
