package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.SpendReader.Scope;
import dev.gpucloud.billing.spend.SpendReader.Spending;
import dev.gpucloud.billing.spend.engine.BudgetMeter;
import dev.gpucloud.billing.spend.engine.BudgetMeter.Growth;
import dev.gpucloud.billing.spend.engine.BudgetMeter.Look;
import dev.gpucloud.billing.spend.engine.MonthSpend;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds what tenants spend against their budgets. Only tenants of which a budget is due are read;
 * they are rated without a transaction, and what is new is told with what is kept.
 */
@ApplicationScoped
class SpendKeeper {
  private static final Logger LOG = Logger.getLogger(SpendKeeper.class);
  private static final String LEASE = "spend-budgets";

  /** An event counts as received when its transaction began, and is seen when that committed. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);

  private final Transactions transactions;
  private final Leases leases;
  private final SpendBudgetRepository budgets;
  private final SpendReader reader;
  private final SpendBudgetEvents events;
  private final Audit audit;
  private final SpendConfig config;
  private final InstantSource clock;
  private final InstantSource system;
  private volatile @Nullable Instant heardUntil;
  private final String holder = UUID.randomUUID().toString();

  SpendKeeper(
      Transactions transactions,
      Leases leases,
      SpendBudgetRepository budgets,
      SpendReader reader,
      SpendBudgetEvents events,
      Audit audit,
      SpendConfig config,
      @Business InstantSource clock,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.leases = leases;
    this.budgets = budgets;
    this.reader = reader;
    this.events = events;
    this.audit = audit;
    this.config = config;
    this.clock = clock;
    this.system = system;
  }

  @Scheduled(
      every = "${gpucloud.spend.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return lease()
        .chain(held -> held ? due().chain(this::lookAtAll) : Uni.createFrom().voidItem())
        .onFailure()
        .invoke(f -> LOG.warnf("spend budgets wait for the next round: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Boolean> lease() {
    return leases.tryAcquire(LEASE, holder, config.lease()).map(Optional::isPresent);
  }

  /** What is heard of a tenant between two rounds makes its budgets due. */
  private Uni<List<UUID>> due() {
    Instant now = system.instant();
    Instant since = heardUntil == null ? now.minus(config.longestWait()) : heardUntil;
    return transactions
        .asPlatform(s -> budgets.dueTenants(s, clock.instant(), since, config.mostTenants()))
        .invoke(() -> heardUntil = now.minus(UNDER_WAY));
  }

  /** Batch by batch, as long as the lease is ours; one that fails does not stop the others. */
  private Uni<Void> lookAtAll(List<UUID> tenants) {
    if (tenants.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    int first = Math.min(config.batchSize(), tenants.size());
    return lookAt(tenants.subList(0, first))
        .onFailure()
        .invoke(f -> LOG.errorf(f, "spend budgets of %s are not looked at", tenants.getFirst()))
        .onFailure()
        .recoverWithNull()
        .chain(this::lease)
        .chain(
            held ->
                held
                    ? lookAtAll(tenants.subList(first, tenants.size()))
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> lookAt(List<UUID> tenants) {
    return transactions
        .asPlatform(s -> reader.read(s, tenants, clock.instant()))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(SpendReader.Read::rate)
        .chain(spending -> transactions.asPlatform(s -> keep(s, tenants, spending)));
  }

  private Uni<Void> keep(Mutiny.Session s, List<UUID> tenants, Spending spending) {
    return budgets
        .lockOf(s, tenants)
        .chain(
            all -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (SpendBudgetEntity budget : all) {
                done = done.chain(() -> look(s, budget, spending));
              }
              return done;
            });
  }

  private Uni<Void> look(Mutiny.Session s, SpendBudgetEntity budget, Spending spending) {
    MonthSpend spend = spending.of(new Scope(budget.tenant(), budget.project()));
    Look look = budget.meter().look(budget.terms(), spend);
    SpendBudgetView before = SpendBudgetView.of(budget);
    budget.take(look.meter());
    budget.lookedAt = spend.at();
    budget.nextLookAt = BudgetMeter.nextLook(budget.terms(), spend, config.longestWait());
    return events
        .found(s, budget, look.news())
        .chain(() -> audited(s, budget, before, look.news().growth()));
  }

  private Uni<Void> audited(
      Mutiny.Session s, SpendBudgetEntity budget, SpendBudgetView before, Growth growth) {
    if (growth == Growth.AS_BEFORE) {
      return Uni.createFrom().voidItem();
    }
    LOG.infof("spend budget %s: new instances are %s", budget.id(), growth);
    return audit.changed(
        s,
        AuditOrigin.system("billing-service"),
        AuditChange.of(
                growth == Growth.STOPPED ? "spend-budget.stop" : "spend-budget.resume",
                "spend-budget",
                budget.id().toString())
            .at(budget.tenant())
            .from(before)
            .to(SpendBudgetView.of(budget)));
  }
}
