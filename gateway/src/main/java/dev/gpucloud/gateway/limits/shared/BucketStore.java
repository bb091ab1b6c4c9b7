package dev.gpucloud.gateway.limits.shared;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where replicas tell each other what they have given. */
interface BucketStore {

  /** What a bucket gave since it was told last, as the time in which so much flows back. */
  record Debt(UUID bucket, long owedNanos, long windowNanos) {}

  /** How many replicas live, and when each bucket that was told would be full. */
  record Answer(int replicas, Map<UUID, Long> nanosUntilFull) {}

  /** Tells that this replica lives and what it gave; bucket ids are distinct. */
  Future<Answer> tell(List<Debt> debts);

  /** Forgets some of the buckets that are full again. */
  Future<Void> sweep();

  /** Tells that this replica ends. */
  Future<Void> leave();
}
