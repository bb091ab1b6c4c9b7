package dev.gpucloud.inventory.tenancy;

import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.provisioning.PoolEpochs;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
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
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Stops what suspended tenants run once their notice is over, billed to that deadline. What is to
 * be done is read from the rows each time and each stop takes effect once, so that a crash loses
 * none; a tenant that is resumed before is left alone.
 */
@ApplicationScoped
class SuspensionKeeper {
  private static final Logger LOG = Logger.getLogger(SuspensionKeeper.class);

  private static final String DUE =
      """
      select i.id, cast(i.tenant_id as text)
      from tenant_ref t join instance i on i.tenant_id = t.tenant_id
      where t.state in ('SUSPENDED', 'CLOSING') and i.state = 'RUNNING'
        and cast(t.fact->'suspension'->>'stopAt' as timestamptz) <= ?1
      order by i.id limit ?2""";

  /**
   * Only while it is suspended, also on its way out: a resume that comes now waits, or we see that
   * it came.
   */
  private static final String STILL_DUE =
      """
      select t.fact->'suspension'->>'stopAt' from tenant_ref t
      where t.tenant_id = ?1 and t.state in ('SUSPENDED', 'CLOSING')
        and cast(t.fact->'suspension'->>'stopAt' as timestamptz) <= ?2
      for share""";

  private final Transactions transactions;
  private final Leases leases;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final TenancyConfig config;
  private final InstantSource business;
  private final String holder = UUID.randomUUID().toString();

  SuspensionKeeper(
      Transactions transactions,
      Leases leases,
      ChangeWriter changes,
      PoolEpochs epochs,
      TenancyConfig config,
      @Business InstantSource business) {
    this.transactions = transactions;
    this.leases = leases;
    this.changes = changes;
    this.epochs = epochs;
    this.config = config;
    this.business = business;
  }

  private record Due(UUID instance, UUID tenant) {}

  @Scheduled(
      every = "${gpucloud.tenancy.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return leases
        .tryAcquire("suspensions", holder, config.lease())
        .chain(lease -> lease.isEmpty() ? Uni.createFrom().voidItem() : sweep())
        .onFailure()
        .invoke(f -> LOG.warnf("suspended tenants wait for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweep() {
    return due()
        .chain(
            all -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Due one : all) {
                done = done.chain(() -> stop(one));
              }
              return done;
            });
  }

  private Uni<List<Due>> due() {
    return transactions
        .asSystem(
            s -> Sql.rows(s, DUE, business.instant().atOffset(ZoneOffset.UTC), config.batch()))
        .map(
            rows ->
                rows.stream()
                    .map(r -> new Due((UUID) r[0], UUID.fromString((String) r[1])))
                    .toList());
  }

  private Uni<Void> stop(Due due) {
    return transactions.asSystem(
        s ->
            Sql.rows(s, STILL_DUE, due.tenant(), business.instant().atOffset(ZoneOffset.UTC))
                .chain(
                    rows ->
                        rows.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : stop(s, due.instance(), Instant.parse((String) rows.getFirst()[0]))));
  }

  private Uni<Void> stop(Mutiny.Session s, UUID id, Instant deadline) {
    return s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
        .chain(
            instance ->
                epochs
                    .now(s, instance.poolId())
                    .map(now -> Lifecycle.suspend(instance, deadline, now))
                    .chain(
                        change ->
                            change
                                .map(c -> changes.write(s, c))
                                .orElseGet(() -> Uni.createFrom().voidItem())));
  }
}
