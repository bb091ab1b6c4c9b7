package dev.gpucloud.inventory.placement.engine;

import java.util.EnumMap;
import java.util.Map;

/** How many hosts were looked at and how many each constraint removed. */
public final class Tally {
  private final EnumMap<Constraint, Integer> removed = new EnumMap<>(Constraint.class);
  private int hosts;

  /** Counts hosts that {@code constraint} removed. */
  public void remove(Constraint constraint, int count) {
    hosts += count;
    if (count > 0) {
      removed.merge(constraint, count, Integer::sum);
    }
  }

  /** Counts hosts that could take it. */
  void keep(int count) {
    hosts += count;
  }

  public void add(Tally other) {
    hosts += other.hosts;
    other.removed.forEach((constraint, count) -> removed.merge(constraint, count, Integer::sum));
  }

  public int hosts() {
    return hosts;
  }

  /** Hosts left after all constraints. */
  public int remaining() {
    return hosts - removed.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** In the order of the constraints. */
  public Map<Constraint, Integer> removed() {
    return Map.copyOf(removed);
  }
}
