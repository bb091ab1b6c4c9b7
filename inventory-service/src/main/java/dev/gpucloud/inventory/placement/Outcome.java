package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.kit.idempotency.StoredAnswer;

/** How a task ended. Everything but {@link Done} and {@link Freed} changed nothing. */
public sealed interface Outcome {
  /** Placed and committed. */
  record Done(StoredAnswer answer) implements Outcome {}

  /** Another replica owns the pools and has answered, whatever its answer is. */
  record Elsewhere(StoredAnswer answer) implements Outcome {}

  /** Released and committed, or released before. */
  record Freed() implements Outcome {}

  /** The pool has no room for it. */
  record NoRoom() implements Outcome {}

  /** A limit of the project, the tenant or one above it does not suffice. */
  record OverQuota(Excess excess) implements Outcome {}

  /** Another instance of the project has the name. */
  record NameTaken() implements Outcome {}

  /** Another request with the key has taken effect. */
  record KeyTaken() implements Outcome {}

  /** The instance is not in a state that allows it. */
  record WrongState(InstanceState state) implements Outcome {}

  /** This replica cannot decide for the pool now; nothing is known to have happened. */
  record Unavailable(String why) implements Outcome {}
}
