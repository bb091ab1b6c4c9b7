package dev.gpucloud.gateway.limits.engine;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Bounds how much each key has under way; what is not under way is not remembered. */
public final class Slots {
  private final int perKey;
  private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

  public Slots(int perKey) {
    this.perKey = perKey;
  }

  /** Takes a slot of the key unless it has all of its own. */
  public boolean tryEnter(String key) {
    boolean[] entered = {false};
    taken.compute(
        key,
        (same, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < perKey;
          return entered[0] ? now + 1 : now == 0 ? null : count;
        });
    return entered[0];
  }

  /** Gives a slot back; called once for each that was entered. */
  public void leave(String key) {
    taken.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
  }

  /** Keys that have something under way. */
  public int keys() {
    return taken.size();
  }
}
