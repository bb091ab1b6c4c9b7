package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceRows;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Reshaping;
import dev.gpucloud.inventory.placement.Placing.Extended;
import dev.gpucloud.inventory.placement.Placing.Leaving;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of the instances of a batch, whose rows are locked; by run what they hold. */
record Transitions(
    OwnedPool pool,
    Moment now,
    InstanceRows.Locked locked,
    Map<UUID, Extended> heldByRun,
    List<Freeing> freeings) {

  /** Puts the task's instances on their slots, or says why its instance is in no state for it. */
  @Nullable Outcome apply(Gang gang) {
    return switch (gang.task()) {
      case Task.Create create -> {
        create(gang.only(), create.draft());
        yield null;
      }
      case Task.CreateCluster create -> {
        for (int n = 0; n < gang.placings().size(); n++) {
          create(gang.placings().get(n), create.members().get(n).draft());
        }
        yield null;
      }
      case Task.Start start -> restart(gang, start);
      case Task.Retry retry -> retry(gang, retry);
      case Task.Resize resize -> resize(gang, resize);
    };
  }

  private Lifecycle.Place place(Placing placing) {
    return new Lifecycle.Place(placing.slot, pool.site().id(), pool.site().region(), placing.run);
  }

  private void create(Placing placing, InstanceDraft draft) {
    placing.becomes(Lifecycle.create(draft, place(placing), now));
  }

  private @Nullable Outcome restart(Gang gang, Task.Start start) {
    InstanceEntity instance = locked.get(start.instance().value());
    if (instance == null) {
      return new Outcome.WrongState(InstanceState.DELETED);
    }
    Optional<Change> change =
        Lifecycle.start(instance, place(gang.only()), start.operation(), start.actor(), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
      return null;
    }
    return new Outcome.WrongState(instance.state());
  }

  private @Nullable Outcome retry(Gang gang, Task.Retry retry) {
    InstanceEntity instance = locked.get(retry.instance().value());
    if (instance == null) {
      return new Outcome.WrongState(InstanceState.DELETED);
    }
    if (isBeingReleased(instance)) {
      return new Outcome.Unavailable("What it held is being released.");
    }
    Extended held = heldByRun.get(instance.runId().value());
    long releaseSequence = instance.desiredSequence();
    Optional<Change> change = Lifecycle.retry(instance, place(gang.only()), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
      gang.only().leaving =
          held == null
              ? null
              : new Leaving(held.allocation(), held.counted(), Long.bitCount(held.slot().mask()));
      gang.only().releaseSequence = releaseSequence;
      return null;
    }
    return new Outcome.WrongState(instance.state());
  }

  private @Nullable Outcome resize(Gang gang, Task.Resize resize) {
    InstanceEntity instance = locked.get(resize.instance().value());
    if (instance != null && isBeingReleased(instance)) {
      return new Outcome.Unavailable("What it gave back is being released.");
    }
    Extended held = heldByRun.get(resize.run().value());
    if (instance == null || held == null || !instance.runId().equals(resize.run())) {
      return new Outcome.WrongState(instance == null ? InstanceState.DELETED : instance.state());
    }
    if (held.proven()) {
      return new Outcome.Unavailable("What it gave back is being released.");
    }
    Optional<Change> change =
        Reshaping.grow(
            instance, resize.to(), gang.only().slot, resize.operation(), resize.actor(), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
      gang.only().extended = held;
      return null;
    }
    return new Outcome.WrongState(instance.state());
  }

  /** What it holds, or a part of it, is given back by this very batch. */
  private boolean isBeingReleased(InstanceEntity instance) {
    return freeings.stream()
        .anyMatch(f -> !f.leftBehind() && f.instance().equals(instance.id().value()));
  }
}
