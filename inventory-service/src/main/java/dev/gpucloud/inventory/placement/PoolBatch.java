package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceRows;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a pool's decisions on its way into the database, inside one transaction. Locks are
 * taken in one order everywhere (instances, keys, quota rows, hosts; each by id), so that batches
 * of different pools never wait for each other in a circle. Tasks that lose on the way (wrong
 * state, key taken, over quota, name taken) are left out; the others commit or fail as one.
 */
final class PoolBatch {
  private static final BulkInsert<Placing> ALLOCATIONS =
      BulkInsert.<Placing>into("allocation")
          .uuid("id", p -> p.allocation)
          .uuid("tenant_id", p -> p.task.tenantId())
          .uuid("instance_id", p -> p.instance().id().value())
          .uuid("run_id", p -> p.task.run().value())
          .text("pool_id", p -> p.instance().poolId())
          .uuid("host_id", p -> p.slot.host().value())
          .number("mask", p -> p.slot.mask())
          .integer("vcpus", p -> p.slot.vcpus())
          .integer("memory_gib", p -> p.slot.memoryGib())
          .number("epoch", p -> p.at.epoch())
          .textAs("quota_of", "%s::uuid[]", Placing::quotaOfLiteral)
          .text("state", p -> "HELD")
          .time("held_from", p -> p.at.system());
  private static final BulkInsert<Placing> OPERATIONS =
      BulkInsert.<Placing>into("operation")
          .uuid("id", p -> Objects.requireNonNull(p.task.operation()).value())
          .uuid("tenant_id", p -> p.task.tenantId())
          .uuid("project_id", p -> p.instance().projectId().value())
          .uuid("instance_id", p -> p.instance().id().value())
          .text("kind", p -> p.task instanceof Task.Create ? "CREATE" : "START")
          .text("state", p -> "RUNNING")
          .text("created_by", p -> p.change().actor())
          .time("created_at", p -> p.at.business());

  private final OwnedPool pool;
  private final ChangeWriter changes;
  private final KeyRows keys;
  private final Moment now;
  private final List<Placing> placings = new ArrayList<>();
  private final List<Task.Release> releases = new ArrayList<>();
  private final List<Freeing> freeings = new ArrayList<>();
  private final Map<Task, Outcome> outcomes = new IdentityHashMap<>();
  private Map<UUID, InstanceEntity> locked = Map.of();
  private final Map<UUID, Leaving> heldByRun = new HashMap<>();
  private QuotaBook quota = QuotaBook.EMPTY;

  PoolBatch(OwnedPool pool, ChangeWriter changes, KeyRows keys, Moment now) {
    this.pool = pool;
    this.changes = changes;
    this.keys = keys;
    this.now = now;
  }

  void add(Task.Place task, Slot slot) {
    placings.add(new Placing(task, slot, now));
  }

  void add(Task.Release release) {
    releases.add(release);
  }

  /** A decided placement and what it becomes. */
  private static final class Placing {
    final Task.Place task;
    final Slot slot;
    final Moment at;
    final UUID allocation = Ids.next();
    List<UUID> quotaOf = List.of();
    @Nullable Leaving leaving;
    long releaseSequence;
    @Nullable Change change;
    @Nullable StoredAnswer answer;

    Placing(Task.Place task, Slot slot, Moment at) {
      this.task = task;
      this.slot = slot;
      this.at = at;
    }

    void becomes(Change decided) {
      change = decided.tracedBy(task.traceparent());
      answer = task.answer().apply(decided.instance());
    }

    Change change() {
      return Objects.requireNonNull(change);
    }

    StoredAnswer answer() {
      return Objects.requireNonNull(answer);
    }

    InstanceEntity instance() {
      return change().instance();
    }

    String quotaOfLiteral() {
      return "{" + String.join(",", quotaOf.stream().map(UUID::toString).toList()) + "}";
    }
  }

  /** What an instance held and leaves behind: held on, but no longer its own. */
  private record Leaving(UUID allocation, List<UUID> quotaOf, int slices) {}

  /** A proven allocation on its way out. */
  private record Freeing(
      UUID allocation,
      UUID instance,
      boolean leftBehind,
      List<UUID> quotaOf,
      Slot slot,
      Instant proof) {}

  /** The slots that the commit frees; only then may they be free in memory. */
  List<Slot> freed() {
    return freeings.stream().map(Freeing::slot).toList();
  }

  /** How each task ends if the transaction commits. */
  Map<Task, Outcome> outcomes() {
    return outcomes;
  }

  /** All statements of the batch; the caller commits. */
  Uni<Void> write(SqlConnection c) {
    return fence(c)
        .chain(() -> lockInstances(c))
        .chain(() -> readReleases(c))
        .chain(() -> readHeld(c))
        .invoke(this::transit)
        .chain(() -> claimKeys(c))
        .chain(() -> lockQuota(c))
        .chain(() -> insertInstances(c))
        .chain(() -> writeRest(c));
  }

  private void drop(Placing placing, Outcome outcome) {
    placings.remove(placing);
    outcomes.put(placing.task, outcome);
  }

  /** An owner whose lease another took cannot commit: the row stays locked until we have. */
  private Uni<Void> fence(SqlConnection c) {
    return c.preparedQuery(
            "select 1 from lease where name = $1 and holder = $2 and epoch = $3 for share")
        .execute(Tuple.of(pool.leaseName(), pool.holder(), pool.epoch()))
        .invoke(
            rows -> {
              if (rows.size() == 0) {
                throw new LeaseLostException(pool.id());
              }
            })
        .replaceWithVoid();
  }

  /** Read after their instances are locked: what they say cannot change any more. */
  private Uni<Void> readReleases(SqlConnection c) {
    if (releases.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = releasing().toArray(UUID[]::new);
    return c.preparedQuery(
            """
            select id, instance_id, state, quota_of, host_id, mask, vcpus, memory_gib, proof_at
            from allocation
            where id = any($1) and state <> 'RELEASED' and proof_at is not null""")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .invoke(rows -> rows.forEach(row -> freeings.add(freeing(row))))
        .replaceWithVoid();
  }

  private static Freeing freeing(Row row) {
    Slot slot =
        new Slot(
            new HostId(row.getUUID("host_id")),
            row.getLong("mask"),
            row.getInteger("vcpus"),
            row.getInteger("memory_gib"));
    return new Freeing(
        row.getUUID("id"),
        row.getUUID("instance_id"),
        !row.getString("state").equals("HELD"),
        List.of(row.getArrayOfUUIDs("quota_of")),
        slot,
        row.getOffsetDateTime("proof_at").toInstant());
  }

  /** What those hold that are about to leave it. */
  private Uni<Void> readHeld(SqlConnection c) {
    Set<UUID> runs = new HashSet<>();
    for (Placing placing : placings) {
      if (placing.task instanceof Task.Retry retry
          && locked.get(retry.instance().value()) instanceof InstanceEntity instance) {
        runs.add(instance.runId().value());
      }
    }
    if (runs.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return c.preparedQuery(
            """
            select id, run_id, quota_of, mask from allocation
            where run_id = any($1) and state = 'HELD'""")
        .execute(Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)))
        .invoke(
            rows ->
                rows.forEach(
                    row ->
                        heldByRun.put(
                            row.getUUID("run_id"),
                            new Leaving(
                                row.getUUID("id"),
                                List.of(row.getArrayOfUUIDs("quota_of")),
                                Long.bitCount(row.getLong("mask"))))))
        .replaceWithVoid();
  }

  private Uni<Void> lockInstances(SqlConnection c) {
    Set<UUID> starting = new HashSet<>();
    for (Placing placing : placings) {
      switch (placing.task) {
        case Task.Start start -> starting.add(start.instance().value());
        case Task.Retry retry -> starting.add(retry.instance().value());
        case Task.Create create -> {}
      }
    }
    return InstanceRows.lock(c, starting, releasing())
        .invoke(rows -> locked = rows)
        .replaceWithVoid();
  }

  private Set<UUID> releasing() {
    return releases.stream().map(Task.Release::allocation).collect(Collectors.toSet());
  }

  private void transit() {
    for (Placing placing : List.copyOf(placings)) {
      Lifecycle.Place place =
          new Lifecycle.Place(
              placing.slot, pool.site().id(), pool.site().region(), placing.task.run());
      switch (placing.task) {
        case Task.Create create -> placing.becomes(Lifecycle.create(create.draft(), place, now));
        case Task.Start start -> restart(placing, start, place);
        case Task.Retry retry -> retry(placing, retry, place);
      }
    }
  }

  private void restart(Placing placing, Task.Start start, Lifecycle.Place place) {
    InstanceEntity instance = locked.get(start.instance().value());
    if (instance == null) {
      drop(placing, new Outcome.WrongState(InstanceState.DELETED));
      return;
    }
    Optional<Change> change =
        Lifecycle.start(instance, place, start.operation(), start.actor(), now);
    if (change.isPresent()) {
      placing.becomes(change.get());
    } else {
      drop(placing, new Outcome.WrongState(instance.state()));
    }
  }

  private void retry(Placing placing, Task.Retry retry, Lifecycle.Place place) {
    InstanceEntity instance = locked.get(retry.instance().value());
    if (instance == null) {
      drop(placing, new Outcome.WrongState(InstanceState.DELETED));
      return;
    }
    Leaving held = heldByRun.get(instance.runId().value());
    if (held != null && freeings.stream().anyMatch(f -> f.allocation().equals(held.allocation()))) {
      drop(placing, new Outcome.Unavailable("What it held is being released."));
      return;
    }
    long releaseSequence = instance.desiredSequence();
    Optional<Change> change = Lifecycle.retry(instance, place, now);
    if (change.isPresent()) {
      placing.becomes(change.get());
      placing.leaving = held;
      placing.releaseSequence = releaseSequence;
    } else {
      drop(placing, new Outcome.WrongState(instance.state()));
    }
  }

  /** Stores the answers; whose key another request holds or has used is out. */
  private Uni<Void> claimKeys(SqlConnection c) {
    Map<String, Placing> keyed = new LinkedHashMap<>();
    List<KeyRows.Answered> answers = new ArrayList<>();
    for (Placing placing : List.copyOf(placings)) {
      IdempotencyKey key = placing.task.key();
      if (key == null) {
        continue;
      }
      if (keyed.putIfAbsent(KeyRows.id(key), placing) == null) {
        answers.add(new KeyRows.Answered(key, placing.answer()));
      } else {
        drop(placing, new Outcome.KeyTaken());
      }
    }
    return keys.claim(c, answers, now.system())
        .invoke(
            claimed ->
                keyed.forEach(
                    (id, placing) -> {
                      if (!claimed.contains(id)) {
                        drop(placing, new Outcome.KeyTaken());
                      }
                    }))
        .replaceWithVoid();
  }

  private Uni<Void> lockQuota(SqlConnection c) {
    Set<UUID> tenants = new HashSet<>();
    placings.forEach(placing -> tenants.add(placing.task.tenantId()));
    Set<UUID> credited = new HashSet<>();
    freeings.stream().filter(f -> !f.leftBehind()).forEach(f -> credited.addAll(f.quotaOf()));
    placings.stream()
        .map(placing -> placing.leaving)
        .filter(Objects::nonNull)
        .forEach(leaving -> credited.addAll(leaving.quotaOf()));
    return QuotaBook.lock(c, pool.model(), tenants, credited)
        .invoke(
            book -> {
              quota = book;
              charge();
            })
        .replaceWithVoid();
  }

  private void charge() {
    for (Placing placing : List.copyOf(placings)) {
      placing.quotaOf = quota.lineage(placing.task.tenantId());
      credit(placing.leaving, 1);
      quota
          .charge(placing.quotaOf, placing.task.slices())
          .ifPresent(
              over -> {
                credit(placing.leaving, -1);
                drop(placing, over);
              });
    }
    freeings.stream()
        .filter(freeing -> !freeing.leftBehind())
        .forEach(f -> quota.credit(f.quotaOf(), Long.bitCount(f.slot().mask())));
  }

  private void credit(@Nullable Leaving leaving, int times) {
    if (leaving != null) {
      quota.credit(leaving.quotaOf(), times * leaving.slices());
    }
  }

  private Uni<Void> insertInstances(SqlConnection c) {
    List<InstanceEntity> fresh =
        placings.stream()
            .filter(placing -> placing.task instanceof Task.Create)
            .map(Placing::instance)
            .sorted(Comparator.comparing(instance -> instance.id().value()))
            .toList();
    return InstanceRows.insert(c, fresh)
        .invoke(
            inserted -> {
              for (Placing placing : List.copyOf(placings)) {
                if (placing.task instanceof Task.Create
                    && !inserted.contains(placing.instance().id().value())) {
                  quota.credit(placing.quotaOf, placing.task.slices());
                  drop(placing, new Outcome.NameTaken());
                }
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> writeRest(SqlConnection c) {
    List<Change> all = new ArrayList<>();
    List<InstanceEntity> changed = new ArrayList<>();
    for (Placing placing : placings) {
      all.add(placing.change());
      outcomes.put(placing.task, new Outcome.Done(placing.answer()));
      if (!(placing.task instanceof Task.Create)) {
        changed.add(placing.instance());
      }
    }
    for (Freeing freeing : freeings) {
      InstanceEntity instance = locked.get(freeing.instance());
      if (instance != null && !freeing.leftBehind()) {
        all.add(Lifecycle.released(instance, freeing.proof()));
        changed.add(instance);
      }
    }
    releases.forEach(release -> outcomes.put(release, new Outcome.Freed()));
    return statements(c, all, changed);
  }

  private Uni<Void> statements(SqlConnection c, List<Change> all, List<InstanceEntity> changed) {
    List<Uni<Void>> pipelined = new ArrayList<>();
    pipelined.add(updateHosts(c));
    pipelined.add(
        InstanceRows.update(c, changed)
            .invoke(n -> expect(changed.size(), n, "instance"))
            .replaceWithVoid());
    pipelined.add(ALLOCATIONS.execute(c, placings).replaceWithVoid());
    pipelined.add(endAllocations(c));
    pipelined.add(leaveAllocations(c));
    pipelined.add(
        OPERATIONS
            .execute(c, placings.stream().filter(p -> p.task.operation() != null).toList())
            .replaceWithVoid());
    pipelined.add(quota.store(c));
    pipelined.add(keys.giveBack(c, losers()));
    pipelined.addAll(changes.write(c, all));
    return Uni.join().all(pipelined).andFailFast().replaceWithVoid();
  }

  /** Keys of tasks that were refused after their key was claimed. */
  private List<IdempotencyKey> losers() {
    return outcomes.entrySet().stream()
        .filter(
            e ->
                e.getValue() instanceof Outcome.OverQuota
                    || e.getValue() instanceof Outcome.NameTaken)
        .map(e -> ((Task.Place) e.getKey()).key())
        .filter(Objects::nonNull)
        .toList();
  }

  private static void expect(int wanted, int found, String table) {
    if (wanted != found) {
      throw new GuardMismatchException(table + ": " + found + " of " + wanted + " rows matched");
    }
  }

  private Uni<Void> updateHosts(SqlConnection c) {
    Map<HostId, HostDelta> deltas = new LinkedHashMap<>();
    placings.forEach(p -> deltas.computeIfAbsent(p.slot.host(), HostDelta::new).take(p.slot));
    freeings.forEach(f -> deltas.computeIfAbsent(f.slot().host(), HostDelta::new).give(f.slot()));
    return HostDelta.apply(c, List.copyOf(deltas.values()))
        .invoke(n -> expect(deltas.size(), n, "host"))
        .replaceWithVoid();
  }

  /** Not given back: only no longer counted for their instances. */
  private Uni<Void> leaveAllocations(SqlConnection c) {
    List<Placing> leaving = placings.stream().filter(p -> p.leaving != null).toList();
    if (leaving.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = new UUID[leaving.size()];
    Long[] sequences = new Long[leaving.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Objects.requireNonNull(leaving.get(i).leaving).allocation();
      sequences[i] = leaving.get(i).releaseSequence;
    }
    return c.preparedQuery(
            """
            update allocation a set state = 'LEAVING', release_sequence = u.sequence,
              left_at = $3, order_sent_at = $3
            from unnest($1::uuid[], $2::bigint[]) u(id, sequence)
            where a.id = u.id and a.state = 'HELD'""")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ids)
                .addArrayOfLong(sequences)
                .addOffsetDateTime(now.system().atOffset(ZoneOffset.UTC)))
        .invoke(rows -> expect(ids.length, rows.rowCount(), "allocation"))
        .replaceWithVoid();
  }

  private Uni<Void> endAllocations(SqlConnection c) {
    if (freeings.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = freeings.stream().map(Freeing::allocation).toArray(UUID[]::new);
    return c.preparedQuery(
            """
            update allocation set state = 'RELEASED', held_until = $2
            where id = any($1) and state <> 'RELEASED'""")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(ids)
                .addOffsetDateTime(now.system().atOffset(ZoneOffset.UTC)))
        .invoke(rows -> expect(ids.length, rows.rowCount(), "allocation"))
        .replaceWithVoid();
  }
}
