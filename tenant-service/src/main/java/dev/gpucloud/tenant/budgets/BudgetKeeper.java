package dev.gpucloud.tenant.budgets;

import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares use with every budget, batch by batch. Replicas pass over what another one holds, so
 * that each budget is looked at once at a time.
 */
@ApplicationScoped
class BudgetKeeper {
  private static final Logger LOG = Logger.getLogger(BudgetKeeper.class);
  private final Transactions transactions;
  private final BudgetRepository budgets;
  private final BudgetWriter writer;
  private final BudgetConfig config;

  BudgetKeeper(
      Transactions transactions,
      BudgetRepository budgets,
      BudgetWriter writer,
      BudgetConfig config) {
    this.transactions = transactions;
    this.budgets = budgets;
    this.writer = writer;
    this.config = config;
  }

  @Scheduled(
      every = "${gpucloud.budgets.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return lookAfter(null)
        .onFailure()
        .invoke(f -> LOG.warnf("budgets are not looked at: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> lookAfter(BudgetEntity.@Nullable Key after) {
    return transactions
        .asSystem(session -> batch(session, after))
        .chain(last -> last == null ? Uni.createFrom().voidItem() : lookAfter(last));
  }

  /** Answers where the next batch begins; null after the last. */
  private Uni<BudgetEntity.@Nullable Key> batch(
      Mutiny.Session session, BudgetEntity.@Nullable Key after) {
    return budgets
        .lockNext(session, after, config.batchSize())
        .call(found -> lookAt(session, found))
        .map(
            found ->
                found.size() < config.batchSize()
                    ? null
                    : new BudgetEntity.Key(found.getLast().scopeId(), found.getLast().model()));
  }

  private Uni<Void> lookAt(Mutiny.Session session, List<BudgetEntity> found) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (BudgetEntity budget : found) {
      done = done.chain(() -> writer.look(session, budget));
    }
    return done;
  }
}
