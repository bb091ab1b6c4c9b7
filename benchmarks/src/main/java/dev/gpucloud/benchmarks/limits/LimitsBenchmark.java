package dev.gpucloud.benchmarks.limits;

import dev.gpucloud.gateway.limits.engine.Admission;
import dev.gpucloud.gateway.limits.engine.Allowance;
import dev.gpucloud.gateway.limits.engine.Bucket;
import dev.gpucloud.gateway.limits.engine.Ledger;
import dev.gpucloud.gateway.limits.engine.Limit;
import dev.gpucloud.gateway.limits.engine.SharedBucket;
import dev.gpucloud.gateway.limits.engine.Terms;
import dev.gpucloud.gateway.limits.engine.TokenBucket;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What it costs to ask two limits for a request, on one thread: buckets of one replica, and buckets
 * that replicas share, which are settled as often as the gateway does.
 */
public final class LimitsBenchmark {
  private static final int ASKED = 2_000_000;
  private static final int RUNS = 7;
  private static final long SETTLE_NANOS = 250_000_000;
  // more than is asked for; faster than it flows back, so that no bucket stays full
  private static final Allowance PLENTY = new Allowance(25_000_000, Duration.ofMinutes(1));

  private LimitsBenchmark() {}

  /** Arguments: the commit to name in the rows. */
  public static void main(String[] args) {
    String commit = args[0];
    System.out.println("case,limits,asked,ns_per_request,ns_min,ns_max,load_1m,commit");
    measure("static", commit, () -> new TokenBucket(PLENTY, System.nanoTime()));
    measure(
        "shared",
        commit,
        () -> new SharedBucket(UUID.randomUUID(), PLENTY, new Two(), System.nanoTime()));
  }

  private static void measure(String name, String commit, Supplier<Bucket> buckets) {
    List<Limit> limits =
        List.of(new Limit("user-read", buckets.get()), new Limit("tenant-read", buckets.get()));
    List<Double> nanos = new ArrayList<>();
    for (int run = 0; run <= RUNS; run++) {
      double each = ask(limits);
      if (run > 0) {
        nanos.add(each);
      }
    }
    nanos.sort(null);
    System.out.printf(
        Locale.ROOT,
        "%s,2,%d,%.0f,%.0f,%.0f,%.2f,%s%n",
        name,
        ASKED,
        nanos.get(RUNS / 2),
        nanos.getFirst(),
        nanos.getLast(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        commit);
  }

  private static double ask(List<Limit> limits) {
    long began = System.nanoTime();
    long settled = began;
    for (int i = 0; i < ASKED; i++) {
      long now = System.nanoTime();
      if (!(Admission.ask(limits, now) instanceof Admission.Admitted)) {
        throw new IllegalStateException("a limit refused what it has plenty of");
      }
      if (now - settled > SETTLE_NANOS) {
        limits.forEach(limit -> settle(limit.bucket(), now));
        settled = now;
      }
    }
    return (System.nanoTime() - began) / (double) ASKED;
  }

  private static void settle(Bucket bucket, long now) {
    if (bucket instanceof SharedBucket shared) {
      shared.settled(shared.tell(now), now);
    }
  }

  /** Two replicas, and nobody who listens. */
  private record Two(Terms terms) implements Ledger {
    Two() {
      this(new Terms.Together(2));
    }

    @Override
    public void owes(SharedBucket debtor) {}

    @Override
    public void hurry() {}
  }
}
