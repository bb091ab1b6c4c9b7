package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.event.RunReport;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Lifecycle.Verdict;
import dev.gpucloud.inventory.placement.engine.GpuBits;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.access.ProjectRef;
import java.time.Instant;
import java.util.Optional;

/**
 * Steps that change an instance and keep its run: reboot, resize, and a move to another project. A
 * running instance takes its new shape with the agent's report of the boot into it, at the agent's
 * stamp; until then it has the old one. A step that the state does not allow answers empty.
 */
public final class Reshaping {
  private Reshaping() {}

  /** Boots a running instance again; billing goes on. */
  public static Optional<Change> reboot(
      InstanceEntity i, OperationId operation, String actor, Moment now) {
    if (i.state() != InstanceState.RUNNING || i.rebootPending()) {
      return Optional.empty();
    }
    i.operate(operation);
    i.bootAgain();
    i.touch(now.business());
    return Optional.of(
        new Change(i, actor)
            .emit(EventTypes.INSTANCE_REBOOTING, null, now.business())
            .order(i.repeat(now)));
  }

  /** Gives an instance that holds nothing another type at once. */
  public static Optional<Change> resizeStopped(
      InstanceEntity i, OfferedShape to, OperationId operation, String actor, Moment now) {
    if (i.state() != InstanceState.STOPPED || i.holding()) {
      return Optional.empty();
    }
    i.operate(operation);
    i.become(to);
    i.touch(now.business());
    return Optional.of(
        new Change(i, actor)
            .emit(EventTypes.INSTANCE_RESIZED, null, now.business())
            .endOperation(true, null));
  }

  /** Boots a running instance into a shape that takes {@code more} of its host. */
  public static Optional<Change> grow(
      InstanceEntity i,
      OfferedShape to,
      Slot more,
      OperationId operation,
      String actor,
      Moment now) {
    if (!more.host().equals(i.hostId()) || (i.mask() & more.mask()) != 0) {
      return Optional.empty();
    }
    return resize(i, to, i.mask() | more.mask(), operation, actor, now)
        .map(
            change -> {
              i.hold(i.mask() | more.mask());
              return change;
            });
  }

  /** Boots a running instance into a shape with less; the rest comes back after its scrub. */
  public static Optional<Change> shrink(
      InstanceEntity i, OfferedShape to, OperationId operation, String actor, Moment now) {
    if (to.shape().gpus() > i.gpus()) {
      return Optional.empty();
    }
    return resize(i, to, GpuBits.keep(i.mask(), to.shape().gpus()), operation, actor, now);
  }

  private static Optional<Change> resize(
      InstanceEntity i,
      OfferedShape to,
      long mask,
      OperationId operation,
      String actor,
      Moment now) {
    boolean wholeGpus = i.migProfile() == null && to.migProfile() == null;
    if (i.state() != InstanceState.RUNNING || i.rebootPending() || !wholeGpus) {
      return Optional.empty();
    }
    i.operate(operation);
    i.bootAgainAs(to, mask);
    i.touch(now.business());
    return Optional.of(
        new Change(i, actor)
            .emit(EventTypes.INSTANCE_RESIZING, "to " + to.id(), now.business())
            .order(i.repeat(now)));
  }

  /** The agent has booted a running instance again, into its new shape if it was resized. */
  static Verdict rebooted(InstanceEntity i, RunReport report) {
    if (!i.rebootPending() || report.generation() < i.bootGeneration()) {
      return new Verdict.Nothing();
    }
    if (i.isShrinking() && !report.scrubbed()) {
      return new Verdict.Refused("NOT_SCRUBBED");
    }
    Instant started = i.startedAt();
    Instant at = started != null && started.isAfter(report.at()) ? started : report.at();
    Change change = new Change(i, Lifecycle.AGENT);
    boolean resized = i.resizing();
    if (i.isShrinking()) {
      change.keeps(i.resizedSlot());
    }
    i.booted();
    i.touch(at);
    return new Verdict.Changes(
        change
            .emit(resized ? EventTypes.INSTANCE_RESIZED : EventTypes.INSTANCE_REBOOTED, null, at)
            .endOperation(true, null));
  }

  /** Gives an instance to another project of its tenant, to which it is billed from now on. */
  public static Optional<Change> move(InstanceEntity i, ProjectRef to, String actor, Moment now) {
    boolean going = i.state() == InstanceState.DELETING || i.state() == InstanceState.DELETED;
    if (going || i.cluster() != null || !to.fact().tenantId().equals(i.tenantId())) {
      return Optional.empty();
    }
    String from = i.projectSlug();
    i.belongTo(to);
    i.touch(now.business());
    return Optional.of(
        new Change(i, actor).emit(EventTypes.INSTANCE_MOVED, "from " + from, now.business()));
  }

  /** What an instance is given beside its GPUs has changed: its agent is told. */
  public static Optional<Change> giveAnew(InstanceEntity i, String what, String actor, Moment now) {
    if (i.state() == InstanceState.DELETING || i.state() == InstanceState.DELETED) {
      return Optional.empty();
    }
    i.touch(now.business());
    Change change = new Change(i, actor).emit(EventTypes.INSTANCE_UPDATED, what, now.business());
    return Optional.of(i.holding() && i.wantsToRun() ? change.order(i.repeat(now)) : change);
  }

  /** Whether an order asks for a shape that the agent has not reported yet. */
  static boolean isAhead(InstanceEntity i) {
    return i.resizing() && OrderFact.RUNNING.equals(i.desired);
  }
}
