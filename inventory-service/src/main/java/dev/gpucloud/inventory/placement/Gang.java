package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.instance.ClusterMember;
import dev.gpucloud.inventory.instance.ClusterRows.NewCluster;
import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The placings of one task, which commit together or not at all: the one of an instance, or all of
 * a cluster.
 */
final class Gang {
  private final Task.Place task;
  private final List<Placing> placings = new ArrayList<>();
  private final @Nullable NewCluster cluster;
  private List<UUID> quotaOf = List.of();
  private @Nullable StoredAnswer answer;

  private Gang(Task.Place task, @Nullable NewCluster cluster) {
    this.task = task;
    this.cluster = cluster;
  }

  static Gang of(Task.PlaceOne task, Slot slot) {
    Gang gang = new Gang(task, null);
    gang.add(slot, task.run(), task.operation());
    return gang;
  }

  static Gang of(Task.CreateCluster task, ClusterPlacement placement) {
    Gang gang = new Gang(task, new NewCluster(task.draft(), placement));
    List<Slot> slots = placement.slots();
    for (int n = 0; n < slots.size(); n++) {
      ClusterMember member = task.members().get(n);
      gang.add(slots.get(n), member.run(), member.draft().operation());
    }
    return gang;
  }

  private void add(Slot slot, RunId run, @Nullable OperationId operation) {
    placings.add(new Placing(this, slot, run, operation));
  }

  Task.Place task() {
    return task;
  }

  List<Placing> placings() {
    return placings;
  }

  /** The only placing of a task for one instance. */
  Placing only() {
    return placings.getFirst();
  }

  @Nullable NewCluster cluster() {
    return cluster;
  }

  List<UUID> quotaOf() {
    return quotaOf;
  }

  void countFor(List<UUID> lineage) {
    quotaOf = lineage;
  }

  /** What the caller is answered once it is committed; asked for when all is decided. */
  StoredAnswer answer() {
    StoredAnswer made = answer;
    if (made == null) {
      made =
          switch (task) {
            case Task.PlaceOne one -> one.answer().apply(only().instance());
            case Task.CreateCluster create ->
                create
                    .answer()
                    .apply(
                        Objects.requireNonNull(cluster),
                        placings.stream().map(Placing::instance).toList());
          };
      answer = made;
    }
    return made;
  }
}
