package dev.gpucloud.tenant.tenants;

import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Takes a closing tenant to CLOSED once nothing stands against it; one replica at a time. */
@ApplicationScoped
class ClosingKeeper {
  private static final Logger LOG = Logger.getLogger(ClosingKeeper.class);
  private static final String DONE = "No instance is left and every invoice is settled.";

  private final Transactions transactions;
  private final Leases leases;
  private final TenantRepository tenants;
  private final Closings closings;
  private final TenantWriter writer;
  private final LifeConfig config;
  private final InstantSource clock;
  private final String holder = UUID.randomUUID().toString();

  ClosingKeeper(
      Transactions transactions,
      Leases leases,
      TenantRepository tenants,
      Closings closings,
      TenantWriter writer,
      LifeConfig config,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.leases = leases;
    this.tenants = tenants;
    this.closings = closings;
    this.writer = writer;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.tenant-life.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return leases
        .tryAcquire("tenant-closings", holder, config.lease())
        .chain(lease -> lease.isEmpty() ? Uni.createFrom().voidItem() : sweep())
        .onFailure()
        .invoke(f -> LOG.warnf("closing tenants wait for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweep() {
    return transactions
        .asSystem(session -> tenants.inState(session, TenantState.CLOSING, config.batch()))
        .chain(
            found -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (TenantEntity tenant : found) {
                done = done.chain(() -> finish(tenant));
              }
              return done;
            });
  }

  private Uni<Void> finish(TenantEntity seen) {
    return transactions.asSystem(
        session ->
            closings
                .blockers(session, seen)
                .chain(
                    blockers ->
                        blockers.isEmpty()
                            ? tenants.lockTree(session).chain(() -> finish(session, seen.uuid()))
                            : Uni.createFrom().voidItem()));
  }

  private Uni<Void> finish(Mutiny.Session session, UUID id) {
    Instant latest = clock.instant().minus(config.leastClosing());
    return tenants
        .withIds(session, List.of(id))
        .map(found -> found.stream().findFirst().filter(t -> isDue(t, latest)))
        .chain(
            tenant ->
                tenant.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : writer
                        .move(
                            session,
                            tenant.get(),
                            new TenantWriter.Move(TenantAction.FINISH, Actor.SYSTEM, DONE))
                        .replaceWithVoid());
  }

  private static boolean isDue(TenantEntity tenant, Instant latest) {
    return tenant.state() == TenantState.CLOSING && !tenant.stateSince().isAfter(latest);
  }
}
