package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.placement.engine.Slot;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One instance on its decided slot, and the change that puts it there. */
final class Placing {
  final Gang gang;
  final Slot slot;
  final RunId run;
  final @Nullable OperationId operation;
  final UUID allocation = Ids.next();
  @Nullable Leaving leaving;
  long releaseSequence;
  private @Nullable Change change;

  Placing(Gang gang, Slot slot, RunId run, @Nullable OperationId operation) {
    this.gang = gang;
    this.slot = slot;
    this.run = run;
    this.operation = operation;
  }

  /** What its instance held before and holds on, under the same run. */
  @Nullable Extended extended;

  /**
   * An allocation that a larger one of the same run takes the place of; {@code proven} says that
   * part of it or all is on its way back.
   */
  record Extended(UUID allocation, QuotaBook.Credit counted, Slot slot, boolean proven) {}

  /** What its instance holds now: its slot, with what it held before. */
  Slot held() {
    Extended before = extended;
    return before == null
        ? slot
        : new Slot(
            slot.host(),
            slot.mask() | before.slot().mask(),
            slot.vcpus() + before.slot().vcpus(),
            slot.memoryGib() + before.slot().memoryGib(),
            before.slot().mark());
  }

  /** What an instance held and leaves behind: held on, but no longer its own. */
  record Leaving(UUID allocation, QuotaBook.Credit counted, int slices) {}

  void becomes(Change decided) {
    change = decided.tracedBy(gang.task().traceparent()).askedBy(gang.task().origin());
  }

  Change change() {
    return Objects.requireNonNull(change);
  }

  InstanceEntity instance() {
    return change().instance();
  }
}
