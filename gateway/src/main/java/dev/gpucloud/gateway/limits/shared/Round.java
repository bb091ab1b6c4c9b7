package dev.gpucloud.gateway.limits.shared;

import dev.gpucloud.gateway.limits.engine.SharedBucket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;

/** The buckets of which the store is told at once, until it has answered. */
final class Round {
  private final Map<UUID, SharedBucket> told = new LinkedHashMap<>();
  private final List<BucketStore.Debt> debts = new ArrayList<>();
  private final Queue<SharedBucket> debtors;

  private Round(Queue<SharedBucket> debtors) {
    this.debtors = debtors;
  }

  /** Takes those out of the list that are due; those that owe nothing any more leave it. */
  static Round of(Queue<SharedBucket> debtors, int most, long nowNanos) {
    Round round = new Round(debtors);
    List<SharedBucket> later = new ArrayList<>();
    SharedBucket next;
    while (round.debts.size() < most && (next = debtors.poll()) != null) {
      if (!round.add(next, nowNanos)) {
        later.add(next);
      }
    }
    debtors.addAll(later);
    return round;
  }

  List<BucketStore.Debt> debts() {
    return debts;
  }

  void settled(Map<UUID, Long> nanosUntilFull, long nowNanos) {
    for (SharedBucket bucket : told.values()) {
      bucket.settled(nanosUntilFull.getOrDefault(bucket.id(), 0L), nowNanos);
      if (!bucket.isClear()) {
        debtors.add(bucket);
      }
    }
  }

  void unsettled() {
    told.values().forEach(SharedBucket::unsettled);
    debtors.addAll(told.values());
  }

  /** Answers whether the bucket is done with for now: told, or nothing to tell. */
  private boolean add(SharedBucket bucket, long nowNanos) {
    if (told.containsKey(bucket.id())) {
      return false; // made anew after it was forgotten, before the old one was settled
    }
    long owedNanos = bucket.tell(nowNanos);
    if (owedNanos == 0) {
      return bucket.isClear();
    }
    told.put(bucket.id(), bucket);
    debts.add(new BucketStore.Debt(bucket.id(), owedNanos, bucket.windowNanos()));
    return true;
  }
}
