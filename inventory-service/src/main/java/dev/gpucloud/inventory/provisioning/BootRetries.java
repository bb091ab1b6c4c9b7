package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Boots on another host what a host did not boot. What is due is in the instance's row, so that
 * nothing is forgotten; the hosts that failed since it was asked to start are left out. Without
 * room elsewhere the instance has failed.
 */
@ApplicationScoped
class BootRetries {
  private static final Logger LOG = Logger.getLogger(BootRetries.class);
  private static final int AT_ONCE = 200;

  private final Transactions transactions;
  private final References references;
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final Anchors anchors;

  BootRetries(
      Transactions transactions,
      References references,
      CatalogueCache catalogue,
      Placement placement,
      ChangeWriter changes,
      PoolEpochs epochs,
      Anchors anchors) {
    this.transactions = transactions;
    this.references = references;
    this.catalogue = catalogue;
    this.placement = placement;
    this.changes = changes;
    this.epochs = epochs;
    this.anchors = anchors;
  }

  /** What a report's hint did not reach: another replica's pools, a restart in between. */
  @Scheduled(
      every = "${gpucloud.provisioning.follow-up}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s, "select id from instance where retry_due order by id limit ?1", AT_ONCE))
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Object[] row : rows) {
                done = done.chain(() -> retry((UUID) row[0]));
              }
              return done;
            });
  }

  /** Places it anew if it waits for that; a failure is logged and tried again by the sweep. */
  Uni<Void> retry(UUID instance) {
    return transactions
        .asSystem(s -> task(s, instance))
        .chain(
            task ->
                task.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : placement.place(task.get()).chain(outcome -> settle(instance, outcome)))
        .onFailure()
        .invoke(f -> LOG.warnf("instance ins_%s is not booted elsewhere yet: %s", instance, f))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Optional<Task.Retry>> task(Mutiny.Session s, UUID id) {
    return s.find(InstanceEntity.class, id)
        .chain(
            instance ->
                instance == null || !instance.retryDue()
                    ? Uni.createFrom().item(Optional.empty())
                    : references
                        .findTenant(s, instance.tenantId().toString())
                        .chain(tenant -> task(s, instance, tenant.orElseThrow())));
  }

  private Uni<Optional<Task.Retry>> task(Mutiny.Session s, InstanceEntity i, TenantRef tenant) {
    return failedHosts(s, i)
        .chain(failed -> anchors.of(s, i).map(anchor -> task(i, tenant, failed, anchor)));
  }

  private Optional<Task.Retry> task(
      InstanceEntity i, TenantRef tenant, Set<HostId> failed, Optional<Anchor> anchor) {
    return catalogue
        .current()
        .type(i.instanceType())
        .map(
            type ->
                new Task.Retry(
                    i.id(),
                    i.tenantId().value(),
                    Demands.of(tenant, type, i, anchor).avoiding(failed),
                    new RunId(Ids.next())));
  }

  private static Uni<Set<HostId>> failedHosts(Mutiny.Session s, InstanceEntity instance) {
    return Sql.rows(
            s,
            """
            select f.host_id from boot_failure f join instance i on i.id = f.instance_id
            where f.instance_id = ?1 and f.operation_id is not distinct from i.operation_id""",
            instance.id().value())
        .map(
            rows ->
                rows.stream().map(row -> new HostId((UUID) row[0])).collect(Collectors.toSet()));
  }

  private Uni<Void> settle(UUID instance, Outcome outcome) {
    return switch (outcome) {
      case Outcome.NoRoom none -> giveUp(instance, Lifecycle.NO_HOST_FOR_RETRY);
      case Outcome.OverQuota over -> giveUp(instance, "QUOTA_EXCEEDED");
      case Outcome.Done done -> Uni.createFrom().voidItem();
      case Outcome.WrongState wrong -> Uni.createFrom().voidItem();
      case Outcome.Unavailable later -> Uni.createFrom().voidItem();
      case Outcome.NameTaken taken -> throw new IllegalStateException("a retry takes no name");
      case Outcome.KeyTaken taken -> throw new IllegalStateException("a retry has no key");
      case Outcome.Elsewhere other -> throw new IllegalStateException("no request to send on");
      case Outcome.Freed freed -> throw new IllegalStateException("a retry frees nothing");
    };
  }

  private Uni<Void> giveUp(UUID id, String reason) {
    return transactions.asSystem(
        s ->
            s.find(InstanceEntity.class, id, LockModeType.PESSIMISTIC_WRITE)
                .chain(
                    instance ->
                        Lifecycle.giveUp(instance, reason, epochs.now())
                            .map(change -> changes.write(s, change))
                            .orElseGet(() -> Uni.createFrom().voidItem())));
  }
}
