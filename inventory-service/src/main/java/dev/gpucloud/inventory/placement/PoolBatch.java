package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.instance.BulkInsert;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.ClusterRows;
import dev.gpucloud.inventory.instance.ClusterRows.NewCluster;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceRows;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.Placing.Extended;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.inventory.quota.engine.Stock;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One batch of a pool's decisions on its way into the database, inside one transaction. Locks are
 * taken in one order everywhere (instances, allocations, keys, names, quota rows, hosts; each in
 * its own order), so that batches never wait for each other in a circle. Tasks that lose on the way
 * (wrong state, key taken, over quota, name taken) are left out; the others commit or fail as one.
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
  private final List<Gang> gangs = new ArrayList<>();
  private final List<Task.Release> releases = new ArrayList<>();
  private List<Freeing> freeings = List.of();
  private final Map<Task, Outcome> outcomes = new IdentityHashMap<>();
  private InstanceRows.Locked locked = InstanceRows.Locked.NONE;
  private Map<UUID, Extended> heldByRun = Map.of();
  private final BatchQuota quota;

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
    this.pool = pool;
    this.changes = changes;
    this.keys = keys;
    this.now = now;
    this.quota =
        new BatchQuota(new Stock(pool.model(), pool.site().id()), quotaFirst, now.business());
  }

  void add(Gang gang) {
    gangs.add(gang);
  }

  void add(Task.Release release) {
    releases.add(release);
  }

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
    return together(
            List.of(fence(c), lockInstances(c), endReleases(c), quota.readLineages(c, gangs)))
        .chain(() -> readHeld(c))
        .invoke(this::transit)
        .chain(() -> together(List.of(claimKeys(c), quota.read(c, List.copyOf(gangs), freeings))))
        .invoke(() -> quota.charge(List.copyOf(gangs), freeings).forEach(this::drop))
        .chain(() -> insertClusters(c))
        .chain(() -> insertAndPrepare(c))
        .chain(() -> writeRest(c));
  }

  /** Together, unless something is given: that names its instance, which must be there. */
  private Uni<Void> insertAndPrepare(SqlConnection c) {
    return changes.isAnythingGiven(instances())
        ? insertInstances(c).chain(() -> prepare(c))
        : together(List.of(insertInstances(c), prepare(c)));
  }

  private Uni<Void> prepare(SqlConnection c) {
    return changes.prepare(c, pool.site().id(), instances());
  }

  private List<InstanceEntity> instances() {
    return placings().stream().map(Placing::instance).toList();
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
            select set_config('idle_in_transaction_session_timeout', $4, true),
              set_config('plan_cache_mode', 'force_generic_plan', true)
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

  private Uni<Void> endReleases(SqlConnection c) {
    return AllocationRows.end(c, releasing()).invoke(found -> freeings = found).replaceWithVoid();
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
    return AllocationRows.held(c, runs).invoke(found -> heldByRun = found).replaceWithVoid();
  }

  private void transit() {
    var transitions = new Transitions(pool, now, locked, heldByRun, freeings);
    for (Gang gang : List.copyOf(gangs)) {
      Outcome refused = transitions.apply(gang);
      if (refused != null) {
        drop(gang, refused);
      }
    }
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
    quota.giveBack(gang);
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
            .invoke(n -> GuardMismatchException.expect(changed.size(), n, "instance"))
            .replaceWithVoid());
    pipelined.add(AllocationRows.replace(c, extended()));
    pipelined.add(AllocationRows.insert(c, placings(), now));
    pipelined.add(
        KeptPart.insert(
            c, freeings.stream().map(Freeing::kept).filter(Objects::nonNull).toList(), now));
    pipelined.add(
        AllocationRows.leave(c, placings().stream().filter(p -> p.leaving != null).toList(), now));
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

  private List<UUID> extended() {
    return placings().stream()
        .map(placing -> placing.extended)
        .filter(Objects::nonNull)
        .map(Extended::allocation)
        .toList();
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

  private Uni<Void> updateHosts(SqlConnection c) {
    Map<HostId, HostDelta> deltas = new LinkedHashMap<>();
    placings().forEach(p -> deltas.computeIfAbsent(p.slot.host(), HostDelta::new).take(p.slot));
    freeings.forEach(f -> deltas.computeIfAbsent(f.slot().host(), HostDelta::new).give(f.slot()));
    return HostDelta.apply(c, List.copyOf(deltas.values()))
        .invoke(n -> GuardMismatchException.expect(deltas.size(), n, "host"))
        .replaceWithVoid();
  }
}
