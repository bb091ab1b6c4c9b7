package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Fences hosts that owe something and give no sign of life: the host is quarantined, what stops or
 * is deleted there goes on without it, what boots there boots elsewhere, and the slices stay taken
 * until the late proof comes. Every step can be repeated, so that a crash between two loses none.
 */
@ApplicationScoped
class SilentHosts {
  private static final Logger LOG = Logger.getLogger(SilentHosts.class);
  private static final By SILENT = new By(Lifecycle.SYSTEM, "AGENT_SILENT");

  private final Transactions transactions;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final Placement placement;
  private final HostMoves moves;
  private final BootRetries retries;
  private final ProvisioningConfig config;
  private final InstantSource system;
  private final Counter fenced;

  SilentHosts(
      Transactions transactions,
      ChangeWriter changes,
      PoolEpochs epochs,
      Placement placement,
      HostMoves moves,
      BootRetries retries,
      ProvisioningConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.changes = changes;
    this.epochs = epochs;
    this.placement = placement;
    this.moves = moves;
    this.retries = retries;
    this.config = config;
    this.system = system;
    this.fenced = meters.counter("gpucloud.hosts.fenced");
  }

  @Scheduled(
      every = "${gpucloud.provisioning.silence-check}",
      delayed = "15s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> fence() {
    return silent()
        .chain(hosts -> each(hosts, this::fence))
        .onFailure()
        .invoke(f -> LOG.warnf("silent hosts are not fenced: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private record SilentHost(UUID id, String pool) {}

  /** Hosts that owe a release or a boot for longer than the limit without a sign of life. */
  private Uni<List<SilentHost>> silent() {
    Instant limit = system.instant().minus(config.silenceLimit());
    return transactions.asSystem(
        s ->
            Sql.rows(
                    s,
                    """
                    select h.id, h.pool_id from host h
                    where coalesce(h.last_seen_at, '-infinity') < ?1 and h.id in (
                      select i.host_id from instance i
                      where i.holding and i.desired_since < ?1 and (i.desired = 'ABSENT'
                        or i.state in ('PENDING', 'PROVISIONING', 'STARTING'))
                      union all
                      select a.host_id from allocation a
                      where a.state = 'LEAVING' and a.proof_at is null and a.left_at < ?1)
                    order by h.id""",
                    limit.atOffset(ZoneOffset.UTC))
                .map(
                    rows ->
                        rows.stream()
                            .map(row -> new SilentHost((UUID) row[0], (String) row[1]))
                            .toList()));
  }

  private Uni<Void> fence(SilentHost host) {
    fenced.increment();
    LOG.errorf("host hst_%s gives no sign of life: quarantined, its slices are fenced", host.id());
    return transactions
        .asSystem(s -> moves.tryMove(s, new HostId(host.id()), HostAction.QUARANTINE, SILENT))
        .chain(moved -> placement.hostsChanged(host.pool()))
        .chain(() -> transactions.asSystem(s -> of(s, host.id(), "i.desired = 'ABSENT'")))
        .chain(ids -> each(ids, this::abandon))
        .chain(() -> transactions.asSystem(s -> fenceLeft(s, host.id())))
        .chain(
            () ->
                transactions.asSystem(
                    s ->
                        of(
                            s,
                            host.id(),
                            "i.desired = 'RUNNING' and i.state in"
                                + " ('PENDING', 'PROVISIONING', 'STARTING')")))
        .chain(ids -> each(ids, this::bootElsewhere));
  }

  private static Uni<List<UUID>> of(Mutiny.Session s, UUID host, String which) {
    return Sql.rows(
            s, "select i.id from instance i where i.host_id = ?1 and i.holding and " + which, host)
        .map(rows -> rows.stream().map(row -> (UUID) row[0]).toList());
  }

  /** The instance ends without its host. Its quota is free; its slices are not. */
  private Uni<Void> abandon(UUID id) {
    return transactions.asSystem(
        s ->
            s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(
                    instance -> {
                      UUID run = instance.runId().value();
                      Optional<Change> change = Lifecycle.abandon(instance, epochs.now());
                      return change.isEmpty()
                          ? Uni.createFrom().voidItem()
                          : changes.write(s, change.get()).chain(() -> fenceSlices(s, run));
                    }));
  }

  private static Uni<Void> fenceSlices(Mutiny.Session s, UUID run) {
    return Sql.update(
            s,
            """
            with fenced as (
              update allocation set state = 'FENCED' where run_id = ?1 and state = 'HELD'
              returning pool_id, quota_of, mask
            ), rows as (
              select q.scope_id, q.model_id, q.site, bit_count(cast(f.mask as bit(64))) as slices
              from fenced f join pool p on p.id = f.pool_id
              join quota_usage q on q.scope_id = any(f.quota_of) and q.model_id = p.model_id
                and q.site in ('', p.site_id)
              order by q.scope_id, q.model_id, q.site for update of q
            )
            update quota_usage q set used_slices = q.used_slices - r.slices
            from rows r
            where q.scope_id = r.scope_id and q.model_id = r.model_id and q.site = r.site""",
            run)
        .replaceWithVoid();
  }

  /** Its instances went on before, and its quota was free then. */
  private static Uni<Void> fenceLeft(Mutiny.Session s, UUID host) {
    return Sql.update(
            s,
            """
            update allocation set state = 'FENCED'
            where host_id = ?1 and state = 'LEAVING' and proof_at is null""",
            host)
        .replaceWithVoid();
  }

  private Uni<Void> bootElsewhere(UUID id) {
    return transactions
        .asSystem(
            s ->
                s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
                    .chain(instance -> loseBoot(s, instance)))
        .chain(() -> retries.retry(id));
  }

  private Uni<Void> loseBoot(Mutiny.Session s, InstanceEntity instance) {
    return epochs
        .now(s, instance.poolId())
        .chain(
            now ->
                Lifecycle.loseBoot(instance, now, config.bootRetries())
                    .map(change -> changes.write(s, change))
                    .orElseGet(() -> Uni.createFrom().voidItem()));
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }
}
