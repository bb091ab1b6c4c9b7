package dev.gpucloud.inventory.placement.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a cluster goes: one slot for each instance and each spare, all inside the {@code domain} of
 * {@code level} (the empty text at {@link Level#SITE}), and the preferences that were not met.
 */
public record ClusterPlacement(
    List<Slot> instances, List<Slot> spares, Level level, String domain, List<Rule> unmet) {
  public ClusterPlacement {
    instances = List.copyOf(instances);
    spares = List.copyOf(spares);
    unmet = List.copyOf(unmet);
  }

  /** All slots it holds, instances first. */
  public List<Slot> slots() {
    if (spares.isEmpty()) {
      return instances;
    }
    List<Slot> all = new ArrayList<>(instances);
    all.addAll(spares);
    return all;
  }
}
