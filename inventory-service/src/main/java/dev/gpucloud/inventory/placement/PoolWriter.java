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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Carries out the tasks of one owned pool. Tasks wait in a bounded queue; whatever has gathered
 * (256 at most) is decided in memory and committed as one, and while that is under way what gathers
 * meanwhile is decided too, if it is enough to be worth a transaction: each decision is made on all
 * that were made before it, committed or not. Answers leave after the commit, and released slices
 * are free in memory only after it.
 *
 * <p>When a batch fails, its decisions are undone, and nothing new is begun until nothing is under
 * way; then the index is read from the rows and each task is tried alone. One that failed because a
 * quota had moved is tried once more as it was, with its quota locked first. Runs on the {@link
 * PlacementThread}.
 */
final class PoolWriter {
  private static final Logger LOG = Logger.getLogger(PoolWriter.class);

  /** How often a task is decided that found no room while room came back, or a host changed. */
  private static final int MOST_TRIES = 3;

  private final OwnedPool pool;
  private final WriterParts parts;
  private final Consumer<PoolWriter> onLeaseLost;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final Deque<List<Pending>> again = new ArrayDeque<>();
  private final List<WithoutRoom> withoutRoom = new ArrayList<>();
  private final Set<UUID> releasing = new HashSet<>();
  private int underWay;
  private boolean mending;
  private long roomCame;
  private boolean closed;
  private boolean stale;

  PoolWriter(OwnedPool pool, WriterParts parts, Consumer<PoolWriter> onLeaseLost) {
    this.pool = pool;
    this.parts = parts;
    this.onLeaseLost = onLeaseLost;
    parts.metrics().watchQueue(pool.id(), queue);
  }

  private record Pending(Task task, UniEmitter<? super Outcome> answer, int tries) {}

  /** A task that found no room when room had come back so often. */
  private record WithoutRoom(Pending pending, long roomCame) {}

  /**
   * Tasks that are decided together, and the slots that the index gave to those that found room.
   */
  private record Decided(List<Pending> all, Map<Pending, List<Slot>> placed, PoolBatch batch) {}

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
              queue.add(new Pending(task, emitter, 1));
              drain();
            });
  }

  private Optional<Outcome> refuse(Task task) {
    if (closed) {
      return Optional.of(changingItsOwner());
    }
    if (queue.size() >= parts.config().queueSize()) {
      return Optional.of(new Outcome.Unavailable("Too many requests wait for this pool."));
    }
    if (task instanceof Task.Release release && !releasing.add(release.allocation())) {
      return Optional.of(new Outcome.Freed());
    }
    return Optional.empty();
  }

  private static Outcome changingItsOwner() {
    return new Outcome.Unavailable("The pool is changing its owner.");
  }

  /** Reads the index anew before the next batch: hosts were added or changed their state. */
  void refresh() {
    stale = true;
    drain();
  }

  /** Answers everything that waits; what is being committed ends as the database decides. */
  void close() {
    closed = true;
    queue.forEach(p -> answer(p, changingItsOwner()));
    queue.clear();
    settleWithoutRoom();
    again.forEach(tasks -> tasks.forEach(p -> answer(p, undecided())));
    again.clear();
  }

  private void drain() {
    while (mayBegin()) {
      if (stale || !again.isEmpty()) {
        mending = true;
        begin(List.of(), this::mend);
      } else {
        List<Pending> tasks = take();
        begin(tasks, () -> commit(tasks, false));
      }
    }
  }

  private boolean mayBegin() {
    if (closed || mending) {
      return false;
    }
    if (underWay == 0) {
      return stale || !again.isEmpty() || !queue.isEmpty();
    }
    return !stale
        && again.isEmpty()
        && underWay < parts.config().batchesAtOnce()
        && queue.size() >= parts.config().batchBeside();
  }

  private List<Pending> take() {
    List<Pending> tasks = new ArrayList<>();
    while (tasks.size() < parts.config().batchSize() && !queue.isEmpty()) {
      tasks.add(queue.poll());
    }
    return tasks;
  }

  private void begin(List<Pending> tasks, Supplier<Uni<Void>> work) {
    underWay++;
    Uni.createFrom()
        .deferred(work::get)
        .onTermination()
        .invoke(this::ended)
        .subscribe()
        .with(v -> goOn(), f -> crash(tasks, f));
  }

  /** While something is mended nothing else is under way, so what ends is that. */
  private void ended() {
    underWay--;
    mending = false;
  }

  private void goOn() {
    settleWithoutRoom();
    drain();
  }

  private void crash(List<Pending> tasks, Throwable failure) {
    LOG.errorf(failure, "writer of pool %s stops", pool.id());
    tasks.forEach(p -> answer(p, undecided()));
    close();
    onLeaseLost.accept(this);
  }

  /** Alone: reads the index if it is in doubt, and tries again what failed. */
  private Uni<Void> mend() {
    if (closed) {
      return Uni.createFrom().voidItem();
    }
    if (stale) {
      return rebuild().chain(this::mend);
    }
    List<Pending> tasks = again.poll();
    if (tasks == null) {
      return Uni.createFrom().voidItem();
    }
    parts.metrics().retried();
    return commit(tasks, true)
        .onFailure()
        .invoke(f -> tasks.forEach(p -> answer(p, undecided())))
        .chain(this::mend);
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

  /** Decides and commits; {@code alone} when it failed before, and nothing else is under way. */
  private Uni<Void> commit(List<Pending> tasks, boolean alone) {
    Timer.Sample sample = parts.metrics().start();
    Decided decided = decide(tasks, alone);
    parts.crashPoints().reached(BatchPoint.DECIDED);
    if (decided.all().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return parts
        .transaction(decided.batch()::write)
        .map(v -> Optional.<Throwable>empty())
        .onFailure()
        .recoverWithItem(Optional::of)
        .invoke(
            failure -> {
              if (failure.isPresent()) {
                failed(decided, failure.get(), alone);
              } else {
                parts.metrics().committed(decided.all().size(), sample);
                committed(decided);
              }
            })
        .replaceWithVoid();
  }

  /** Those that found no room are left out: more may come back from what is under way. */
  private Decided decide(List<Pending> tasks, boolean alone) {
    Map<Pending, List<Slot>> placed = new IdentityHashMap<>();
    List<Pending> decided = new ArrayList<>();
    PoolBatch batch = parts.batch(pool, now(), alone);
    for (Pending pending : tasks) {
      switch (pending.task()) {
        case Task.Release release -> {
          batch.add(release);
          decided.add(pending);
        }
        case Task.Place place -> {
          try {
            Optional<Gang> gang = decide(place);
            if (gang.isPresent()) {
              placed.put(pending, slots(gang.get()));
              batch.add(gang.get());
              decided.add(pending);
            } else {
              withoutRoom.add(new WithoutRoom(pending, roomCame));
            }
          } catch (RuntimeException e) {
            undecidable(pending, e);
          }
        }
      }
    }
    return new Decided(decided, placed, batch);
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

  private void committed(Decided decided) {
    parts.crashPoints().reached(BatchPoint.COMMITTED);
    PoolBatch batch = decided.batch();
    giveBack(batch.freed());
    stale |= batch.freesOutOfService();
    decided
        .placed()
        .forEach(
            (pending, slots) -> {
              if (!(batch.outcomes().get(pending.task()) instanceof Outcome.Done)) {
                giveBack(slots);
              }
            });
    for (Pending pending : decided.all()) {
      answer(pending, Objects.requireNonNull(batch.outcomes().get(pending.task())));
    }
    parts.crashPoints().reached(BatchPoint.ANSWERED);
  }

  private void giveBack(List<Slot> slots) {
    slots.forEach(pool.index()::release);
    roomCame += slots.size();
  }

  /**
   * Decides again, first of all, what found no room before some came back. The others are answered
   * when nothing is under way that may bring some.
   */
  private void settleWithoutRoom() {
    List<WithoutRoom> all = List.copyOf(withoutRoom);
    withoutRoom.clear();
    for (WithoutRoom one : all.reversed()) {
      Pending p = one.pending();
      if (closed) {
        answer(p, changingItsOwner());
      } else if (one.roomCame() != roomCame && p.tries() < MOST_TRIES) {
        queue.addFirst(triedAgain(p));
      } else if (underWay > 0) {
        withoutRoom.addFirst(one);
      } else {
        answer(p, new Outcome.NoRoom());
      }
    }
  }

  private void answer(Pending pending, Outcome outcome) {
    if (pending.task() instanceof Task.Release release) {
      releasing.remove(release.allocation());
    }
    parts.metrics().outcome(outcome);
    pending.answer().complete(outcome);
  }

  private void failed(Decided decided, Throwable failure, boolean alone) {
    decided.placed().values().forEach(this::giveBack);
    if (failure instanceof LeaseLostException) {
      decided.all().forEach(p -> answer(p, new Outcome.Unavailable("The pool has another owner.")));
      close();
      onLeaseLost.accept(this);
      return;
    }
    boolean quotaMoved = failure instanceof QuotaMovedException;
    if (failure instanceof GuardMismatchException) {
      parts.metrics().guardMismatch();
    }
    int size = decided.all().size();
    LOG.warnf("batch of %d for pool %s failed: %s", size, pool.id(), failure.toString());
    stale |= !quotaMoved;
    boolean givenUp = alone && size == 1 && !mayTryAgain(decided.all().getFirst(), failure);
    if (closed || givenUp) {
      decided.all().forEach(p -> answer(p, ended(failure)));
    } else if (quotaMoved) {
      again.add(decided.all());
    } else {
      decided.all().forEach(p -> again.add(List.of(alone ? triedAgain(p) : p)));
    }
  }

  /** Hosts that change one after the other may void a decision more than once. */
  private static boolean mayTryAgain(Pending pending, Throwable failure) {
    return failure instanceof GuardMismatchException && pending.tries() < MOST_TRIES;
  }

  private static Pending triedAgain(Pending pending) {
    return new Pending(pending.task(), pending.answer(), pending.tries() + 1);
  }

  private static Outcome ended(Throwable failure) {
    return switch (failure) {
      case ClusterNameTakenException _ -> new Outcome.NameTaken();
      case GuardMismatchException _ ->
          new Outcome.Unavailable("The hosts of the pool are changing; nothing was placed.");
      default -> undecided();
    };
  }

  /** After a broken commit nobody knows whether it happened; the key finds out. */
  private static Outcome undecided() {
    return new Outcome.Unavailable("The request may have been carried out; repeat it as it was.");
  }
}
