package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
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
 * Makes what is wanted come true, however messages were lost: orders without the report that
 * fulfils them are sent again with the present epoch, and what waits for a host that fell silent
 * goes on without it.
 */
@ApplicationScoped
class Reconciler {
  private static final Logger LOG = Logger.getLogger(Reconciler.class);

  private final Transactions transactions;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final Placement placement;
  private final ProvisioningConfig config;
  private final InstantSource system;
  private final Counter resent;
  private final Counter fenced;

  Reconciler(
      Transactions transactions,
      ChangeWriter changes,
      PoolEpochs epochs,
      Placement placement,
      ProvisioningConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.changes = changes;
    this.epochs = epochs;
    this.placement = placement;
    this.config = config;
    this.system = system;
    this.resent = meters.counter("gpucloud.orders.resent");
    this.fenced = meters.counter("gpucloud.hosts.fenced");
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> remind() {
    return overdue()
        .chain(ids -> each(ids, this::remind))
        .onFailure()
        .invoke(f -> LOG.warnf("orders are not followed up: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<List<UUID>> overdue() {
    Instant limit = system.instant().minus(config.resendAfter());
    return transactions.asSystem(
        s ->
            Sql.rows(
                    s,
                    """
                    select id, state from instance
                    where order_sent_at < ?1 and holding
                      and state in ('PENDING', 'PROVISIONING', 'STARTING', 'STOPPING', 'DELETING',
                                    'FAILED')
                    order by order_sent_at limit ?2""",
                    limit.atOffset(ZoneOffset.UTC),
                    config.resendBatch())
                .map(rows -> rows.stream().map(row -> (UUID) row[0]).toList()));
  }

  private Uni<Void> remind(UUID id) {
    Instant limit = system.instant().minus(config.resendAfter());
    return transactions.asSystem(
        s ->
            s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(
                    instance ->
                        instance.isOverdue(limit)
                            ? epochs
                                .now(s, instance.poolId())
                                .chain(now -> remind(s, instance, now))
                            : Uni.createFrom().voidItem()));
  }

  private Uni<Void> remind(Mutiny.Session s, InstanceEntity instance, Moment now) {
    resent.increment();
    return changes.write(s, Lifecycle.remind(instance, now));
  }

  @Scheduled(every = "15s", delayed = "15s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> fence() {
    return silent()
        .chain(hosts -> each(hosts, this::fence))
        .onFailure()
        .invoke(f -> LOG.warnf("silent hosts are not fenced: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private record SilentHost(UUID id, String pool) {}

  /** Hosts that owe a release for longer than the limit and gave no sign of life since. */
  private Uni<List<SilentHost>> silent() {
    Instant limit = system.instant().minus(config.silenceLimit());
    return transactions.asSystem(
        s ->
            Sql.rows(
                    s,
                    """
                    select distinct h.id, h.pool_id from instance i
                    join host h on h.id = i.host_id
                    where i.holding and i.desired = 'ABSENT' and i.desired_since < ?1
                      and coalesce(h.last_seen_at, '-infinity') < ?1""",
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
        .asSystem(
            s ->
                Sql.update(
                    s,
                    """
                    update host set state = 'QUARANTINED', state_reason = 'AGENT_SILENT',
                      version = version + 1
                    where id = ?1 and state = 'ACTIVE'""",
                    host.id()))
        .chain(n -> placement.hostsChanged(host.pool()))
        .chain(() -> transactions.asSystem(s -> owing(s, host.id())))
        .chain(ids -> each(ids, this::abandon));
  }

  private static Uni<List<UUID>> owing(Mutiny.Session s, UUID host) {
    return Sql.rows(
            s,
            "select id, state from instance where host_id = ?1 and holding and desired = 'ABSENT'",
            host)
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
              select q.tenant_id, q.model_id, bit_count(cast(f.mask as bit(64))) as slices
              from fenced f join pool p on p.id = f.pool_id
              join quota_usage q on q.tenant_id = any(f.quota_of) and q.model_id = p.model_id
              order by q.tenant_id for update of q
            )
            update quota_usage q set used_slices = q.used_slices - r.slices
            from rows r where q.tenant_id = r.tenant_id and q.model_id = r.model_id""",
            run)
        .replaceWithVoid();
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }
}
