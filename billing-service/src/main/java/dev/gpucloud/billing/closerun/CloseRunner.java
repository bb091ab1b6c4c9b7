package dev.gpucloud.billing.closerun;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.engine.MonthProgress;
import dev.gpucloud.billing.invoice.AccountMonthDesk;
import dev.gpucloud.billing.invoice.AccountMonthDesk.Who;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Walks over the accounts of a month that somebody wants closed, one by one, and keeps how far it
 * came: whoever goes on after it died begins at the first account without a word. That two walk at
 * once is prevented by a lease, and would do no harm: an account has one invoice a month.
 */
@ApplicationScoped
class CloseRunner {
  private static final Logger LOG = Logger.getLogger(CloseRunner.class);
  private static final String LEASE = "close-runs";
  private static final int BATCH = 20;

  private final Transactions transactions;
  private final Leases leases;
  private final CloseRunRepository runs;
  private final AccountRepository accounts;
  private final AccountMonthDesk desk;
  private final Audit audit;
  private final CloseConfig config;
  private final InstantSource clock;
  private final String holder = UUID.randomUUID().toString();

  CloseRunner(
      Transactions transactions,
      Leases leases,
      CloseRunRepository runs,
      AccountRepository accounts,
      AccountMonthDesk desk,
      Audit audit,
      CloseConfig config,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.leases = leases;
    this.runs = runs;
    this.accounts = accounts;
    this.desk = desk;
    this.audit = audit;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.close.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return transactions
        .asPlatform(runs::oldestRunning)
        .chain(run -> run.isEmpty() ? Uni.createFrom().voidItem() : goOn(run.get()))
        .onFailure()
        .invoke(f -> LOG.warnf("the close goes on at the next look: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** Batch after batch until the walk is over or the lease is somebody else's. */
  private Uni<Void> goOn(CloseRun run) {
    return Multi.createBy()
        .repeating()
        .uni(() -> batch(run))
        .whilst(more -> more)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Boolean> batch(CloseRun run) {
    return leases
        .tryAcquire(LEASE, holder, config.lease())
        .chain(
            lease ->
                lease.isEmpty()
                    ? Uni.createFrom().item(false)
                    : transactions
                        .asPlatform(
                            s -> runs.next(s, run, BATCH).chain(ids -> accounts.byIds(s, ids)))
                        .chain(
                            found ->
                                found.isEmpty()
                                    ? end(run).replaceWith(false)
                                    : walk(run, found).replaceWith(true)));
  }

  private Uni<Void> walk(CloseRun run, Iterable<Account> found) {
    var who = new Who(run.startedBy(), run.startedName());
    return Multi.createFrom()
        .iterable(found)
        .onItem()
        .transformToUniAndConcatenate(
            account ->
                leases
                    .tryAcquire(LEASE, holder, config.lease())
                    .chain(() -> desk.advance(account, run.month(), who))
                    .chain(
                        step ->
                            transactions.asPlatform(
                                s -> runs.came(s, run, account, step, clock.instant()))))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Ends the walk, and with it the month if nothing is left to do. */
  private Uni<Void> end(CloseRun run) {
    return transactions.asPlatform(
        s ->
            runs.end(s, run.id(), clock.instant())
                .chain(
                    ended ->
                        ended
                            ? runs.standings(s, run.month())
                                .map(MonthProgress::of)
                                .chain(p -> closeIfComplete(s, run, p))
                            : Uni.createFrom().voidItem()));
  }

  private Uni<Void> closeIfComplete(Mutiny.Session s, CloseRun run, MonthProgress progress) {
    Instant now = clock.instant();
    return !progress.isComplete()
        ? Uni.createFrom().voidItem()
        : runs.close(s, run, now)
            .chain(
                () ->
                    audit.changed(
                        s,
                        AuditOrigin.system("billing-service"),
                        AuditChange.of(
                                "billing-month.close", "billing-month", run.month().toString())
                            .from(Map.of("state", "OPEN"))
                            .to(Map.of("state", "CLOSED", "closedAt", now.toString()))));
  }
}
