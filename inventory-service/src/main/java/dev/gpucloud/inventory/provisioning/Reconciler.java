package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.LeftBehind;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
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
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Makes what is wanted come true, however messages were lost: orders without the report that
 * fulfils them are sent again with the present epoch, those for what was left behind too.
 */
@ApplicationScoped
class Reconciler {
  private static final Logger LOG = Logger.getLogger(Reconciler.class);

  private final Transactions transactions;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final ProvisioningConfig config;
  private final InstantSource system;
  private final Counter resent;

  Reconciler(
      Transactions transactions,
      ChangeWriter changes,
      PoolEpochs epochs,
      ProvisioningConfig config,
      @SystemClock InstantSource system,
      MeterRegistry meters) {
    this.transactions = transactions;
    this.changes = changes;
    this.epochs = epochs;
    this.config = config;
    this.system = system;
    this.resent = meters.counter("gpucloud.orders.resent");
  }

  @Scheduled(
      every = "${gpucloud.provisioning.follow-up}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> remind() {
    return overdue()
        .chain(ids -> each(ids, this::remind))
        .chain(this::left)
        .chain(left -> each(left, this::remindLeft))
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
                    select id, state from (
                      select id, state from instance
                      where order_sent_at < ?1 and holding
                        and state in ('PENDING', 'PROVISIONING', 'STARTING', 'STOPPING',
                                      'DELETING', 'FAILED')
                      order by order_sent_at limit ?2) waiting
                    union all
                    select id, state from (
                      select id, state from instance
                      where order_sent_at < ?1 and holding and state = 'RUNNING'
                        and boot_generation > booted_generation
                      order by order_sent_at limit ?2) rebooting""",
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

  private record Left(UUID allocation, UUID instance, String pool, LeftBehind what) {}

  private Uni<List<Left>> left() {
    Instant limit = system.instant().minus(config.resendAfter());
    return transactions.asSystem(
        s ->
            Sql.rows(
                    s,
                    """
                    select id, instance_id, pool_id, host_id, run_id, mask from allocation
                    where state = 'LEAVING' and proof_at is null and order_sent_at < ?1
                    order by order_sent_at limit ?2""",
                    limit.atOffset(ZoneOffset.UTC),
                    config.resendBatch())
                .map(rows -> rows.stream().map(Reconciler::left).toList()));
  }

  private static Left left(Object[] row) {
    String pool = (String) row[2];
    return new Left(
        (UUID) row[0],
        (UUID) row[1],
        pool,
        new LeftBehind(
            pool.substring(0, pool.indexOf('/')),
            new HostId((UUID) row[3]),
            new RunId((UUID) row[4]),
            ((Number) row[5]).longValue()));
  }

  private Uni<Void> remindLeft(Left left) {
    return transactions.asSystem(
        s ->
            s.find(InstanceEntity.class, left.instance(), LockModeType.PESSIMISTIC_WRITE)
                .chain(instance -> remindLeft(s, instance, left)));
  }

  /** Only while the proof is still owed; the instance's lock keeps its order numbers apart. */
  private Uni<Void> remindLeft(Mutiny.Session s, InstanceEntity instance, Left left) {
    return Sql.update(
            s,
            """
            update allocation set order_sent_at = ?2
            where id = ?1 and state = 'LEAVING' and proof_at is null""",
            left.allocation(),
            system.instant().atOffset(ZoneOffset.UTC))
        .chain(
            n ->
                n == 0
                    ? Uni.createFrom().voidItem()
                    : epochs
                        .now(s, left.pool())
                        .invoke(now -> resent.increment())
                        .chain(
                            now ->
                                changes.write(
                                    s, Lifecycle.remindLeft(instance, left.what(), now))));
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }
}
