package dev.gpucloud.inventory.placement;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools whose rows are being read so that they can be owned. Looking and taking overlap, and a
 * pool that each of them opened would have two writers that know nothing of each other's decisions:
 * of a pool's openings only the last one counts.
 */
final class Openings {
  private final Map<String, Opening> underWay = new ConcurrentHashMap<>();

  /** Reading one pool under one epoch of its lease. */
  static final class Opening {
    private final long epoch;
    private boolean outdated;

    private Opening(long epoch) {
      this.epoch = epoch;
    }

    long epoch() {
      return epoch;
    }

    /** Whether something has changed since it began, so that the rows must be read once more. */
    boolean isOutdated() {
      return outdated;
    }
  }

  /** The former opening of this pool, if there is one, counts no more. */
  Opening begin(String pool, long epoch) {
    Opening opening = new Opening(epoch);
    underWay.put(pool, opening);
    return opening;
  }

  boolean isUnderWay(String pool, long epoch) {
    Opening opening = underWay.get(pool);
    return opening != null && opening.epoch == epoch;
  }

  /** Whether it still counts; may be asked once. */
  boolean end(String pool, Opening opening) {
    return underWay.remove(pool, opening);
  }

  /** Whatever is being read of this pool counts no more. */
  void drop(String pool) {
    underWay.remove(pool);
  }

  /** What is being read of this pool may be old already. */
  void outdate(String pool) {
    Opening opening = underWay.get(pool);
    if (opening != null) {
      opening.outdated = true;
    }
  }

  void outdateAll() {
    underWay.values().forEach(opening -> opening.outdated = true);
  }
}
