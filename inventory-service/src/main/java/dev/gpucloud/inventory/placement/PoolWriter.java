package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.placement.engine.Terms;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Carries out the tasks of one owned pool. Tasks wait in a bounded queue; whatever has gathered
 * while the last transaction was under way (256 at most) is decided in memory and committed as one.
 * Answers leave after the commit, and released slices are free in memory only after it.
 *
 * <p>When a batch fails, the decisions are undone, the index is rebuilt from the rows and each task
 * is tried alone. Runs on the {@link PlacementThread}.
 */
final class PoolWriter {
  private static final Logger LOG = Logger.getLogger(PoolWriter.class);

  private final OwnedPool pool;
  private final WriterParts parts;
  private final Consumer<PoolWriter> onLeaseLost;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final Set<UUID> releasing = new HashSet<>();
  private List<Pending> inHand = List.of();
  private boolean busy;
  private boolean closed;
  private boolean stale;

  PoolWriter(OwnedPool pool, WriterParts parts, Consumer<PoolWriter> onLeaseLost) {
    this.pool = pool;
    this.parts = parts;
    this.onLeaseLost = onLeaseLost;
    parts.metrics().watchQueue(pool.id(), queue);
  }

  private record Pending(Task task, UniEmitter<? super Outcome> answer) {}

  OwnedPool pool() {
    return pool;
  }

  /** Queues a task; completes after the commit that carries it. */
  Uni<Outcome> submit(Task task) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Optional<Outcome> refused = refuse(task);
              if (refused.isPresent()) {
                emitter.complete(refused.get());
                return;
              }
              queue.add(new Pending(task, emitter));
              drain();
            });
  }

  private Optional<Outcome> refuse(Task task) {
    if (closed) {
      return Optional.of(new Outcome.Unavailable("The pool is changing its owner."));
    }
    if (queue.size() >= parts.config().queueSize()) {
      return Optional.of(new Outcome.Unavailable("Too many requests wait for this pool."));
    }
    if (task instanceof Task.Release release && !releasing.add(release.allocation())) {
      return Optional.of(new Outcome.Freed());
    }
    return Optional.empty();
  }

  /** Reads the index anew before the next batch: hosts were added or changed their state. */
  void refresh() {
    stale = true;
    drain();
  }

  /** Answers everything that waits; what is being committed ends as the database decides. */
  void close() {
    closed = true;
    queue.forEach(p -> answer(p, new Outcome.Unavailable("The pool is changing its owner.")));
    queue.clear();
  }

  private void drain() {
    if (busy || closed || queue.isEmpty() && !stale) {
      return;
    }
    busy = true;
    Uni.createFrom().deferred(this::step).subscribe().with(v -> rest(), this::crash);
  }

  private Uni<Void> step() {
    if (stale) {
      return rebuild();
    }
    List<Pending> batch = new ArrayList<>();
    while (batch.size() < parts.config().batchSize() && !queue.isEmpty()) {
      batch.add(queue.poll());
    }
    inHand = batch;
    return commit(batch, false);
  }

  private void rest() {
    busy = false;
    inHand = List.of();
    drain();
  }

  private void crash(Throwable failure) {
    LOG.errorf(failure, "writer of pool %s stops", pool.id());
    busy = false;
    inHand.forEach(p -> answer(p, undecided()));
    close();
    onLeaseLost.accept(this);
  }

  /** What is told to be read while the rows are on their way is read again. */
  private Uni<Void> rebuild() {
    stale = false;
    return parts
        .transaction(c -> PoolRows.hosts(c, pool.id()))
        .invoke(
            hosts -> {
              pool.index().rebuild(hosts);
              parts.metrics().rebuilt();
            })
        .onFailure()
        .invoke(f -> stale = true)
        .replaceWithVoid();
  }

  /**
   * Decides and commits; a task that found no room is decided again when others fell out. After a
   * failure each task is tried once more alone.
   */
  private Uni<Void> commit(List<Pending> tasks, boolean lastTry) {
    Timer.Sample sample = parts.metrics().start();
    Map<Pending, List<Slot>> placed = new LinkedHashMap<>();
    List<Pending> withoutRoom = new ArrayList<>();
    List<Pending> pendings = new ArrayList<>(tasks);
    PoolBatch batch = parts.batch(pool, now());
    for (Pending pending : tasks) {
      switch (pending.task()) {
        case Task.Release release -> batch.add(release);
        case Task.Place place -> {
          try {
            Optional<Gang> gang = decide(place);
            if (gang.isPresent()) {
              placed.put(pending, slots(gang.get()));
              batch.add(gang.get());
            } else {
              withoutRoom.add(pending);
            }
          } catch (RuntimeException e) {
            pendings.remove(pending);
            undecidable(pending, e);
          }
        }
      }
    }
    parts.crashPoints().reached(BatchPoint.DECIDED);
    if (withoutRoom.size() == pendings.size()) {
      withoutRoom.forEach(pending -> answer(pending, new Outcome.NoRoom()));
      return Uni.createFrom().voidItem();
    }
    return parts
        .transaction(batch::write)
        .invoke(
            v -> {
              parts.metrics().committed(pendings.size(), sample);
              committed(pendings, placed, withoutRoom, batch);
            })
        .onFailure()
        .recoverWithUni(failure -> failed(pendings, placed, failure, lastTry));
  }

  /** It fails alone; what it may have done to the index is undone by reading the rows. */
  private void undecidable(Pending pending, RuntimeException failure) {
    LOG.errorf(failure, "a task for pool %s cannot be decided", pool.id());
    stale = true;
    pending.answer().fail(failure);
  }

  private Optional<Gang> decide(Task.Place place) {
    Terms terms = place.demand().terms();
    return switch (place) {
      case Task.Resize resize ->
          pool.index()
              .grow(resize.host(), resize.now(), resize.to().shape())
              .map(slot -> Gang.of(resize, slot));
      case Task.PlaceOne one ->
          pool.index().place(one.demand().shape(), terms).map(slot -> Gang.of(one, slot));
      case Task.CreateCluster create ->
          pool.index().place(create.shape(), terms).map(found -> Gang.of(create, found));
    };
  }

  private static List<Slot> slots(Gang gang) {
    return gang.placings().stream().map(placing -> placing.slot).toList();
  }

  private Moment now() {
    return new Moment(parts.businessClock().instant(), parts.systemClock().instant(), pool.epoch());
  }

  private void committed(
      List<Pending> pendings,
      Map<Pending, List<Slot>> placed,
      List<Pending> withoutRoom,
      PoolBatch batch) {
    parts.crashPoints().reached(BatchPoint.COMMITTED);
    boolean roomCameBack = !batch.freed().isEmpty();
    batch.freed().forEach(pool.index()::release);
    stale |= batch.freesOutOfService();
    for (Map.Entry<Pending, List<Slot>> entry : placed.entrySet()) {
      if (!(batch.outcomes().get(entry.getKey().task()) instanceof Outcome.Done)) {
        entry.getValue().forEach(pool.index()::release);
        roomCameBack = true;
      }
    }
    for (Pending pending : pendings) {
      Outcome outcome = batch.outcomes().get(pending.task());
      if (outcome != null) {
        answer(pending, outcome);
      }
    }
    if (roomCameBack && !closed) {
      withoutRoom.reversed().forEach(queue::addFirst);
    } else {
      withoutRoom.forEach(pending -> answer(pending, new Outcome.NoRoom()));
    }
    parts.crashPoints().reached(BatchPoint.ANSWERED);
  }

  private void answer(Pending pending, Outcome outcome) {
    if (pending.task() instanceof Task.Release release) {
      releasing.remove(release.allocation());
    }
    parts.metrics().outcome(outcome);
    pending.answer().complete(outcome);
  }

  private Uni<Void> failed(
      List<Pending> pendings, Map<Pending, List<Slot>> placed, Throwable failure, boolean lastTry) {
    placed.values().forEach(slots -> slots.forEach(pool.index()::release));
    if (failure instanceof LeaseLostException) {
      pendings.forEach(p -> answer(p, new Outcome.Unavailable("The pool has another owner.")));
      close();
      onLeaseLost.accept(this);
      return Uni.createFrom().voidItem();
    }
    if (failure instanceof GuardMismatchException) {
      parts.metrics().guardMismatch();
    }
    LOG.warnf("batch of %d for pool %s failed: %s", pendings.size(), pool.id(), failure.toString());
    stale = true;
    return rebuild()
        .chain(
            () -> {
              if (!lastTry) {
                return oneByOne(pendings);
              }
              pendings.forEach(p -> answer(p, ended(failure)));
              return Uni.createFrom().voidItem();
            })
        .onFailure()
        .invoke(f -> pendings.forEach(p -> answer(p, undecided())));
  }

  private static Outcome ended(Throwable failure) {
    return failure instanceof ClusterNameTakenException ? new Outcome.NameTaken() : undecided();
  }

  /** After a broken commit nobody knows whether it happened; the key finds out. */
  private static Outcome undecided() {
    return new Outcome.Unavailable("The request may have been carried out; repeat it as it was.");
  }

  private Uni<Void> oneByOne(List<Pending> pendings) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Pending pending : pendings) {
      parts.metrics().retried();
      done = done.chain(() -> commit(List.of(pending), true));
    }
    return done;
  }
}
