package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.ClusterRows;
import dev.gpucloud.inventory.instance.ClusterRows.NewCluster;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceRows;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.Reshaping;
import dev.gpucloud.inventory.placement.Placing.Extended;
import dev.gpucloud.inventory.placement.Placing.Leaving;
import dev.gpucloud.inventory.placement.engine.Mark;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.quota.engine.Stock;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
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
 * taken in one order everywhere (instances, keys, names, quota rows, hosts; each in its own order),
 * so that batches never wait for each other in a circle. Tasks that lose on the way (wrong state,
 * key taken, over quota, name taken) are left out; the others commit or fail as one.
 *
 * <p>What many batches change, quota and hosts, is changed last, so that they wait for each other
 * as short as can be: quota is read, and what was read must still be right when it is counted.
 */
final class PoolBatch {
  private final OwnedPool pool;
  private final ChangeWriter changes;
  private final KeyRows keys;
  private final Moment now;
  private final Duration longestSilence;
  private final boolean quotaFirst;
  private final List<Gang> gangs = new ArrayList<>();
  private final List<Task.Release> releases = new ArrayList<>();
  private final List<Freeing> freeings = new ArrayList<>();
  private final Map<Task, Outcome> outcomes = new IdentityHashMap<>();
  private InstanceRows.Locked locked = InstanceRows.Locked.NONE;
  private final Map<UUID, Extended> heldByRun = new HashMap<>();
  private QuotaBook quota = QuotaBook.EMPTY;

  /**
   * {@code quotaFirst}: quota rows are locked when they are read, so that nothing can move them.
   */
  PoolBatch(
      OwnedPool pool,
      ChangeWriter changes,
      KeyRows keys,
      Moment now,
      Duration longestSilence,
      boolean quotaFirst) {
    this.longestSilence = longestSilence;
    this.quotaFirst = quotaFirst;
    this.pool = pool;
    this.changes = changes;
    this.keys = keys;
    this.now = now;
  }

  void add(Gang gang) {
    gangs.add(gang);
  }

  void add(Task.Release release) {
    releases.add(release);
  }

  /** A proven allocation on its way out. */
  private record Freeing(
      UUID allocation,
      UUID instance,
      boolean leftBehind,
      List<UUID> quotaOf,
      Slot slot,
      Instant proof,
      boolean outOfService,
      @Nullable KeptPart kept) {}

  /** The slots that the commit frees; only then may they be free in memory. */
  List<Slot> freed() {
    return freeings.stream().map(Freeing::slot).toList();
  }

  /** Whether it frees slices that are out of service: they must not be placed on. */
  boolean freesOutOfService() {
    return freeings.stream().anyMatch(Freeing::outOfService);
  }

  /** How each task ends if the transaction commits. */
  Map<Task, Outcome> outcomes() {
    return outcomes;
  }

  /** All statements of the batch; the caller commits. */
  Uni<Void> write(SqlConnection c) {
    return together(List.of(fence(c), lockInstances(c), readReleases(c)))
        .chain(() -> readHeld(c))
        .invoke(this::transit)
        .chain(() -> claimKeys(c))
        .chain(() -> readQuota(c))
        .chain(() -> insertClusters(c))
        .chain(() -> insertInstances(c))
        .chain(
            () ->
                changes.prepare(
                    c, pool.site().id(), placings().stream().map(Placing::instance).toList()))
        .chain(() -> writeRest(c));
  }

  /** Sent without waiting for each other's answers; the server keeps their order. */
  private static Uni<Void> together(List<Uni<Void>> steps) {
    return Uni.join().all(steps).andFailFast().replaceWithVoid();
  }

  private void drop(Gang gang, Outcome outcome) {
    gangs.remove(gang);
    outcomes.put(gang.task(), outcome);
  }

  private List<Placing> placings() {
    return gangs.stream().flatMap(gang -> gang.placings().stream()).toList();
  }

  /**
   * An owner whose lease another took cannot commit: the row cannot be taken until we have. Should
   * we hang meanwhile, the database ends the transaction, so that nobody waits for our locks.
   */
  private Uni<Void> fence(SqlConnection c) {
    return c.preparedQuery(
            """
            select set_config('idle_in_transaction_session_timeout', $4, true)
            from lease where name = $1 and holder = $2 and epoch = $3 for key share""")
        .execute(
            Tuple.of(
                pool.leaseName(), pool.holder(), pool.epoch(), longestSilence.toMillis() + "ms"))
        .invoke(
            rows -> {
              if (rows.size() == 0) {
                throw new LeaseLostException(pool.id());
              }
            })
        .replaceWithVoid();
  }

  /**
   * Read after their instances are locked: what they say cannot change any more. Looked up by id
   * one by one ("offset 0"), or the planner would rather read all that is proven of every pool.
   */
  private Uni<Void> readReleases(SqlConnection c) {
    if (releases.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = releasing().toArray(UUID[]::new);
    return c.preparedQuery(
            """
            select id, tenant_id, instance_id, run_id, pool_id, state, quota_of, host_id, mask, vcpus,
              memory_gib, proof_at, keep_mask, keep_vcpus, keep_memory_gib, apart, dedicated_to,
              exists (select 1 from host h
                      where h.id = host_id and (h.bad_mask & mask) <> 0) as out_of_service
            from unnest($1::uuid[]) u(of),
              lateral (select * from allocation where id = u.of offset 0) a
            where state <> 'RELEASED' and proof_at is not null""")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .invoke(rows -> rows.forEach(row -> freeings.add(freeing(row))))
        .replaceWithVoid();
  }

  private static Freeing freeing(Row row) {
    KeptPart kept = KeptPart.of(row);
    Slot slot =
        new Slot(
            new HostId(row.getUUID("host_id")),
            row.getLong("mask"),
            row.getInteger("vcpus"),
            row.getInteger("memory_gib"),
            Mark.of(row.getString("apart"), row.getString("dedicated_to")));
    return new Freeing(
        row.getUUID("id"),
        row.getUUID("instance_id"),
        !row.getString("state").equals("HELD"),
        List.of(row.getArrayOfUUIDs("quota_of")),
        kept == null ? slot : kept.without(slot),
        row.getOffsetDateTime("proof_at").toInstant(),
        row.getBoolean("out_of_service"),
        kept);
  }

  /** What those hold that are about to leave it. */
  private Uni<Void> readHeld(SqlConnection c) {
    Set<UUID> runs = new HashSet<>();
    for (Gang gang : gangs) {
      if (gang.task() instanceof Task.Retry retry
          && locked.get(retry.instance().value()) instanceof InstanceEntity instance) {
        runs.add(instance.runId().value());
      }
      if (gang.task() instanceof Task.Resize resize) {
        runs.add(resize.run().value());
      }
    }
    if (runs.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return c.preparedQuery(
            """
            select a.id, a.run_id, a.quota_of, a.host_id, a.mask, a.vcpus, a.memory_gib, a.proof_at,
              a.apart, a.dedicated_to, p.model_id, p.site_id
            from allocation a join pool p on p.id = a.pool_id
            where a.run_id = any($1) and a.state = 'HELD'""")
        .execute(Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)))
        .invoke(
            rows ->
                rows.forEach(row -> heldByRun.put(row.getUUID("run_id"), KeptPart.extended(row))))
        .replaceWithVoid();
  }

  private Uni<Void> lockInstances(SqlConnection c) {
    Set<UUID> starting = new HashSet<>();
    for (Gang gang : gangs) {
      switch (gang.task()) {
        case Task.Start start -> starting.add(start.instance().value());
        case Task.Retry retry -> starting.add(retry.instance().value());
        case Task.Resize resize -> starting.add(resize.instance().value());
        case Task.Create create -> {}
        case Task.CreateCluster create -> {}
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
    for (Gang gang : List.copyOf(gangs)) {
      switch (gang.task()) {
        case Task.Create create -> create(gang.only(), create.draft());
        case Task.CreateCluster create -> {
          for (int n = 0; n < gang.placings().size(); n++) {
            create(gang.placings().get(n), create.members().get(n).draft());
          }
        }
        case Task.Start start -> restart(gang, start);
        case Task.Retry retry -> retry(gang, retry);
        case Task.Resize resize -> resize(gang, resize);
      }
    }
  }

  private Lifecycle.Place place(Placing placing) {
    return new Lifecycle.Place(placing.slot, pool.site().id(), pool.site().region(), placing.run);
  }

  private void create(Placing placing, InstanceDraft draft) {
    placing.becomes(Lifecycle.create(draft, place(placing), now));
  }

  private void restart(Gang gang, Task.Start start) {
    InstanceEntity instance = locked.get(start.instance().value());
    if (instance == null) {
      drop(gang, new Outcome.WrongState(InstanceState.DELETED));
      return;
    }
    Optional<Change> change =
        Lifecycle.start(instance, place(gang.only()), start.operation(), start.actor(), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
    } else {
      drop(gang, new Outcome.WrongState(instance.state()));
    }
  }

  private void retry(Gang gang, Task.Retry retry) {
    InstanceEntity instance = locked.get(retry.instance().value());
    if (instance == null) {
      drop(gang, new Outcome.WrongState(InstanceState.DELETED));
      return;
    }
    Extended held = heldByRun.get(instance.runId().value());
    if (held != null && freeings.stream().anyMatch(f -> f.allocation().equals(held.allocation()))) {
      drop(gang, new Outcome.Unavailable("What it held is being released."));
      return;
    }
    long releaseSequence = instance.desiredSequence();
    Optional<Change> change = Lifecycle.retry(instance, place(gang.only()), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
      gang.only().leaving =
          held == null
              ? null
              : new Leaving(held.allocation(), held.counted(), Long.bitCount(held.slot().mask()));
      gang.only().releaseSequence = releaseSequence;
    } else {
      drop(gang, new Outcome.WrongState(instance.state()));
    }
  }

  private void resize(Gang gang, Task.Resize resize) {
    InstanceEntity instance = locked.get(resize.instance().value());
    Extended held = heldByRun.get(resize.run().value());
    if (instance == null || held == null || !instance.runId().equals(resize.run())) {
      drop(
          gang,
          new Outcome.WrongState(instance == null ? InstanceState.DELETED : instance.state()));
      return;
    }
    if (held.proven()) {
      drop(gang, new Outcome.Unavailable("What it gave back is being released."));
      return;
    }
    Optional<Change> change =
        Reshaping.grow(
            instance, resize.to(), gang.only().slot, resize.operation(), resize.actor(), now);
    if (change.isPresent()) {
      gang.only().becomes(change.get());
      gang.only().extended = held;
    } else {
      drop(gang, new Outcome.WrongState(instance.state()));
    }
  }

  /** Stores the answers; whose key another request holds or has used is out. */
  private Uni<Void> claimKeys(SqlConnection c) {
    Map<UUID, Gang> keyed = new LinkedHashMap<>();
    List<KeyRows.Answered> answers = new ArrayList<>();
    for (Gang gang : List.copyOf(gangs)) {
      IdempotencyKey key = gang.task().key();
      if (key == null) {
        continue;
      }
      UUID id = key.id();
      if (keyed.putIfAbsent(id, gang) == null) {
        answers.add(new KeyRows.Answered(id, key, gang.answer()));
      } else {
        drop(gang, new Outcome.KeyTaken());
      }
    }
    return keys.claim(c, answers, now.system())
        .invoke(
            claimed ->
                keyed.forEach(
                    (id, gang) -> {
                      if (!claimed.contains(id)) {
                        drop(gang, new Outcome.KeyTaken());
                      }
                    }))
        .replaceWithVoid();
  }

  private Stock stock() {
    return new Stock(pool.model(), pool.site().id());
  }

  private static QuotaBook.Owner owner(Gang gang) {
    UUID project = gang.placings().getFirst().instance().projectId().value();
    return new QuotaBook.Owner(gang.task().tenantId(), project);
  }

  private Uni<Void> readQuota(SqlConnection c) {
    Set<QuotaBook.Owner> owners = new HashSet<>();
    gangs.forEach(gang -> owners.add(owner(gang)));
    Set<QuotaBook.Credit> credits = new HashSet<>();
    freeings.stream()
        .filter(f -> !f.leftBehind())
        .forEach(f -> credits.add(new QuotaBook.Credit(stock(), f.quotaOf())));
    placings().stream()
        .map(placing -> placing.leaving)
        .filter(Objects::nonNull)
        .forEach(leaving -> credits.add(leaving.counted()));
    placings().stream()
        .map(placing -> placing.extended)
        .filter(Objects::nonNull)
        .forEach(extended -> credits.add(extended.counted()));
    return QuotaBook.read(
            c, new QuotaBook.Wanted(stock(), owners, quotaFirst), credits, now.business())
        .invoke(
            book -> {
              quota = book;
              charge();
            })
        .replaceWithVoid();
  }

  private void charge() {
    for (Gang gang : List.copyOf(gangs)) {
      Extended before = gang.placings().getFirst().extended;
      gang.countFor(before == null ? quota.scopes(owner(gang)) : before.counted().scopes());
      if (countsAsBefore(gang)) {
        continue;
      }
      credit(gang, 1);
      quota
          .charge(stock(), gang.quotaOf(), gang.task().slices())
          .ifPresent(
              over -> {
                credit(gang, -1);
                drop(gang, new Outcome.OverQuota(over));
              });
    }
    freeings.stream()
        .filter(freeing -> !freeing.leftBehind())
        .forEach(f -> quota.credit(stock(), f.quotaOf(), Long.bitCount(f.slot().mask())));
  }

  /** Placed anew where it was counted before: it grows nothing, whatever its limits are now. */
  private boolean countsAsBefore(Gang gang) {
    Leaving leaving = gang.placings().getFirst().leaving;
    return gang.placings().size() == 1
        && leaving != null
        && leaving.slices() == gang.task().slices()
        && leaving.counted().equals(new QuotaBook.Credit(stock(), gang.quotaOf()));
  }

  /** What its instances leave behind counts no longer while they are counted anew. */
  private void credit(Gang gang, int times) {
    for (Placing placing : gang.placings()) {
      Leaving leaving = placing.leaving;
      if (leaving != null) {
        QuotaBook.Credit counted = leaving.counted();
        quota.credit(counted.stock(), counted.scopes(), times * leaving.slices());
      }
    }
  }

  private Uni<Void> insertClusters(SqlConnection c) {
    List<NewCluster> fresh =
        gangs.stream()
            .map(Gang::cluster)
            .filter(Objects::nonNull)
            .sorted(
                Comparator.comparing((NewCluster cluster) -> cluster.draft().project().id().value())
                    .thenComparing(cluster -> cluster.draft().name()))
            .toList();
    return ClusterRows.insert(c, fresh, pool.site().id(), now.business())
        .invoke(
            inserted -> {
              for (Gang gang : List.copyOf(gangs)) {
                NewCluster cluster = gang.cluster();
                if (cluster != null && !inserted.contains(cluster.id())) {
                  nameTaken(gang);
                }
              }
            })
        .replaceWithVoid();
  }

  private void nameTaken(Gang gang) {
    quota.credit(stock(), gang.quotaOf(), gang.task().slices());
    drop(gang, new Outcome.NameTaken());
  }

  private Uni<Void> insertInstances(SqlConnection c) {
    List<InstanceEntity> fresh =
        gangs.stream()
            .filter(PoolBatch::isNew)
            .flatMap(gang -> gang.placings().stream())
            .map(Placing::instance)
            .sorted(
                Comparator.comparing((InstanceEntity instance) -> instance.projectId().value())
                    .thenComparing(InstanceEntity::name))
            .toList();
    return InstanceRows.insert(c, fresh)
        .invoke(
            inserted ->
                List.copyOf(gangs).stream()
                    .filter(PoolBatch::isNew)
                    .filter(gang -> !inserted.containsAll(ids(gang)))
                    .forEach(this::instanceNameTaken))
        .replaceWithVoid();
  }

  private static boolean isNew(Gang gang) {
    return gang.task() instanceof Task.Create || gang.task() instanceof Task.CreateCluster;
  }

  private static List<UUID> ids(Gang gang) {
    return gang.placings().stream().map(placing -> placing.instance().id().value()).toList();
  }

  private void instanceNameTaken(Gang gang) {
    if (gang.task() instanceof Task.CreateCluster create) {
      throw new ClusterNameTakenException(create.draft().name());
    }
    nameTaken(gang);
  }

  private Uni<Void> writeRest(SqlConnection c) {
    List<Change> all = new ArrayList<>();
    List<InstanceEntity> changed = new ArrayList<>();
    for (Gang gang : gangs) {
      outcomes.put(gang.task(), new Outcome.Done(gang.answer()));
      for (Placing placing : gang.placings()) {
        all.add(placing.change());
        if (!isNew(gang)) {
          changed.add(placing.instance());
        }
      }
    }
    for (Freeing freeing : freeings) {
      InstanceEntity instance = locked.get(freeing.instance());
      if (instance != null && !freeing.leftBehind() && freeing.kept() == null) {
        all.add(Lifecycle.released(instance, freeing.proof()));
        changed.add(instance);
      }
    }
    releases.forEach(release -> outcomes.put(release, new Outcome.Freed()));
    return changes.equip(c, all).chain(() -> statements(c, all, changed));
  }

  private Uni<Void> statements(SqlConnection c, List<Change> all, List<InstanceEntity> changed) {
    List<Uni<Void>> pipelined = new ArrayList<>();
    pipelined.add(
        locked
            .update(c, changed)
            .invoke(n -> expect(changed.size(), n, "instance"))
            .replaceWithVoid());
    pipelined.add(endAllocations(c));
    pipelined.add(allocations().execute(c, placings()).replaceWithVoid());
    pipelined.add(
        KeptPart.insert(
            c, freeings.stream().map(Freeing::kept).filter(Objects::nonNull).toList(), now));
    pipelined.add(leaveAllocations(c));
    pipelined.add(
        operations()
            .execute(c, placings().stream().filter(p -> p.operation != null).toList())
            .replaceWithVoid());
    pipelined.add(keys.giveBack(c, losers()));
    pipelined.addAll(changes.write(c, all));
    pipelined.add(quota.store(c));
    pipelined.add(updateHosts(c));
    return together(pipelined);
  }

  private BulkInsert<Placing> allocations() {
    return BulkInsert.<Placing>into("allocation")
        .uuid("id", p -> p.allocation)
        .uuid("tenant_id", p -> p.gang.task().tenantId())
        .uuid("instance_id", p -> p.instance().id().value())
        .uuid("run_id", p -> p.run.value())
        .text("pool_id", p -> p.instance().poolId())
        .uuid("host_id", p -> p.slot.host().value())
        .number("mask", p -> p.held().mask())
        .integer("vcpus", p -> p.held().vcpus())
        .integer("memory_gib", p -> p.held().memoryGib())
        .number("epoch", p -> now.epoch())
        .text("apart", p -> p.held().mark() == null ? null : p.held().mark().group())
        .text("dedicated_to", p -> p.held().mark() == null ? null : p.held().mark().dedicatedTo())
        .textAs("quota_of", "%s::uuid[]", p -> literal(p.gang.quotaOf()))
        .text("state", p -> "HELD");
  }

  private static String literal(List<UUID> ids) {
    return "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}";
  }

  private BulkInsert<Placing> operations() {
    return BulkInsert.<Placing>into("operation")
        .uuid("id", p -> Objects.requireNonNull(p.operation).value())
        .uuid("tenant_id", p -> p.gang.task().tenantId())
        .uuid("project_id", p -> p.instance().projectId().value())
        .uuid("instance_id", p -> p.instance().id().value())
        .text("kind", p -> kind(p.gang))
        .text("state", p -> "RUNNING")
        .text("created_by", p -> p.change().actor())
        .time("created_at", p -> now.business());
  }

  private static String kind(Gang gang) {
    return isNew(gang) ? "CREATE" : gang.task() instanceof Task.Resize ? "RESIZE" : "START";
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
    placings().forEach(p -> deltas.computeIfAbsent(p.slot.host(), HostDelta::new).take(p.slot));
    freeings.forEach(f -> deltas.computeIfAbsent(f.slot().host(), HostDelta::new).give(f.slot()));
    return HostDelta.apply(c, List.copyOf(deltas.values()))
        .invoke(n -> expect(deltas.size(), n, "host"))
        .replaceWithVoid();
  }

  /** Not given back: only no longer counted for their instances. */
  private Uni<Void> leaveAllocations(SqlConnection c) {
    List<Placing> leaving = placings().stream().filter(p -> p.leaving != null).toList();
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
    List<UUID> ending = new ArrayList<>(freeings.stream().map(Freeing::allocation).toList());
    placings().stream()
        .map(placing -> placing.extended)
        .filter(Objects::nonNull)
        .forEach(extended -> ending.add(extended.allocation()));
    if (ending.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = ending.toArray(UUID[]::new);
    return c.preparedQuery(
            """
            update allocation set state = 'RELEASED', held_until = clock_timestamp()
            where id = any($1) and state <> 'RELEASED'""")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .invoke(rows -> expect(ids.length, rows.rowCount(), "allocation"))
        .replaceWithVoid();
  }
}
