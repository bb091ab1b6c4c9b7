package dev.gpucloud.gateway.limits.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;

/**
 * Replicas that share one bucket through a store that counts as the real one does, in steps that a
 * test chooses: what was told is heard when the test says so, or never.
 */
final class Crew {
  private final Allowance allowance;
  private final List<Replica> replicas = new ArrayList<>();
  private final TokenBucket ideal;
  private long fullAtNanos;
  private long now;
  private long taken;
  private long beyond;

  Crew(Allowance allowance, int size) {
    this.allowance = allowance;
    this.ideal = new TokenBucket(allowance, 0);
    for (int i = 0; i < size; i++) {
      replicas.add(new Replica(new Terms.Together(size)));
    }
  }

  /** One replica: its bucket, and what it has under way to the store. */
  final class Replica implements Ledger {
    private Terms terms;
    private final SharedBucket bucket;
    private final Queue<Long> answers = new ArrayDeque<>();
    private boolean listed;
    private boolean hurried;

    private Replica(Terms terms) {
      this.terms = terms;
      this.bucket = new SharedBucket(new UUID(0, 0), allowance, this, now);
    }

    boolean take() {
      boolean given = bucket.tryTake(now);
      if (given) {
        taken++;
        beyond += ideal.tryTake(now) ? 0 : 1;
      }
      return given;
    }

    /** Begins to tell what is owed and is due; the store hears it at once. */
    void tell() {
      if (!listed || !answers.isEmpty()) {
        return;
      }
      hurried = false;
      long owedNanos = bucket.tell(now);
      if (owedNanos > 0) {
        long to = Math.max(fullAtNanos, now) + owedNanos;
        fullAtNanos = Math.min(to, now + 2 * allowance.windowNanos());
        answers.add(fullAtNanos - now);
      } else {
        listed = !bucket.isClear();
      }
    }

    /** Hears what the store answered. */
    void hear() {
      if (!answers.isEmpty()) {
        bucket.settled(answers.remove(), now);
        listed = !bucket.isClear();
      }
    }

    /** The answer is lost. */
    void miss() {
      if (!answers.isEmpty()) {
        answers.clear();
        bucket.unsettled();
      }
    }

    void roundTrip() {
      tell();
      hear();
    }

    void on(Terms now) {
      terms = now;
    }

    boolean isInAHurry() {
      return hurried;
    }

    SharedBucket bucket() {
      return bucket;
    }

    @Override
    public Terms terms() {
      return terms;
    }

    @Override
    public void owes(SharedBucket debtor) {
      listed = true;
    }

    @Override
    public void hurry() {
      hurried = true;
    }
  }

  List<Replica> replicas() {
    return replicas;
  }

  Replica get(int i) {
    return replicas.get(i);
  }

  /** A replica that comes later, on its own terms. */
  Replica join(Terms terms) {
    replicas.add(new Replica(terms));
    return replicas.getLast();
  }

  void allOn(Terms terms) {
    replicas.forEach(replica -> replica.on(terms));
  }

  void passNanos(long nanos) {
    now += nanos;
  }

  long windowNanos() {
    return allowance.windowNanos();
  }

  long now() {
    return now;
  }

  /** All that was given. */
  long taken() {
    return taken;
  }

  /** How many were given that one bucket for all would not have given. */
  long beyond() {
    return beyond;
  }

  /** Takes as long as there is something, telling the store whenever a bucket is in a hurry. */
  long drain(Replica replica) {
    long given = 0;
    while (replica.take()) {
      given++;
      if (replica.isInAHurry()) {
        replica.roundTrip();
      }
    }
    return given;
  }
}
