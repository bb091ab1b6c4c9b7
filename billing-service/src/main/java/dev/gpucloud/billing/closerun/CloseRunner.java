package dev.gpucloud.billing.closerun;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.engine.MonthProgress;
import dev.gpucloud.billing.closerun.CloseRunRepository.Next;
import dev.gpucloud.billing.invoice.AccountMonthDesk;
import dev.gpucloud.billing.invoice.AccountMonthDesk.Who;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableContext.ContextState;
import io.quarkus.arc.ManagedContext;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Walks over the accounts of a month that somebody wants closed, batch by batch, and keeps how far
 * it came: whoever goes on after it died begins at the first account without a word. That two walk
 * at once is prevented by a lease, and would do no harm: an account has one invoice a month.
 */
@ApplicationScoped
class CloseRunner {
  private static final Logger LOG = Logger.getLogger(CloseRunner.class);
  private static final String LEASE = "close-runs";

  /** So many that batches seldom wait for the last of a round, and a takeover loses little. */
  private static final int BATCHES_IN_A_ROUND = 4;

  /** Before every business number. */
  private static final String FIRST = "";

  private final Transactions transactions;
  private final Leases leases;
  private final CloseRunRepository runs;
  private final AccountRepository accounts;
  private final AccountMonthDesk desk;
  private final Audit audit;
  private final CloseConfig config;
  private final Vertx vertx;
  private final InstantSource clock;
  private final AtomicInteger asked = new AtomicInteger();
  private final String holder = UUID.randomUUID().toString();

  /** Threads that know no event loop: workers remember that of who gave them their work. */
  private final Executor elsewhere = Executors.newVirtualThreadPerTaskExecutor();

  CloseRunner(
      Transactions transactions,
      Leases leases,
      CloseRunRepository runs,
      AccountRepository accounts,
      AccountMonthDesk desk,
      Audit audit,
      CloseConfig config,
      Vertx vertx,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.leases = leases;
    this.runs = runs;
    this.accounts = accounts;
    this.desk = desk;
    this.audit = audit;
    this.config = config;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Scheduled(
      every = "${gpucloud.close.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    if (asked.getAndIncrement() > 0) {
      return Uni.createFrom().voidItem(); // who is at it looks once more
    }
    return Multi.createBy()
        .repeating()
        .uni(
            () -> {
              int heard = asked.get();
              return lookOnce().replaceWith(heard);
            })
        .whilst(heard -> asked.addAndGet(-heard) > 0)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Looks as the scheduler does: apart from who asked, with a request scope of its own. */
  void begin(@Observes CloseAsked now) {
    VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext())
        .runOnContext(
            v -> {
              ManagedContext scope = Arc.container().requestContext();
              ContextState state = scope.activate();
              look().subscribe().with(done -> scope.destroy(state));
            });
  }

  private Uni<Void> lookOnce() {
    return transactions
        .asPlatform(runs::oldestRunning)
        .chain(run -> run.isEmpty() ? Uni.createFrom().voidItem() : goOn(run.get()))
        .onFailure()
        .invoke(f -> LOG.warnf("the close goes on at the next look: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /**
   * Round after round until the walk is over or the lease is somebody else's: over the accounts in
   * their order, then once more from the first, for those that came meanwhile.
   */
  private Uni<Void> goOn(CloseRun run) {
    return Multi.createBy()
        .repeating()
        .uni(() -> new AtomicReference<>(FIRST), at -> round(run, at))
        .whilst(more -> more)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Boolean> round(CloseRun run, AtomicReference<String> at) {
    return leases
        .tryAcquire(LEASE, holder, config.lease())
        .chain(
            lease ->
                lease.isEmpty()
                    ? Uni.createFrom().item(false)
                    : transactions
                        .asPlatform(s -> next(s, run, at.get()))
                        .chain(found -> go(run, found, at)));
  }

  /** Whether there may be more to do. */
  private Uni<Boolean> go(CloseRun run, List<List<Account>> found, AtomicReference<String> at) {
    if (!found.isEmpty()) {
      at.set(found.getLast().getLast().businessNumber());
      return walk(run, found).replaceWith(true);
    }
    return at.getAndSet(FIRST).equals(FIRST)
        ? end(run).replaceWith(false)
        : Uni.createFrom().item(true);
  }

  /** The next accounts in batches that are neither too many accounts nor too many runs. */
  private Uni<List<List<Account>>> next(Mutiny.Session s, CloseRun run, String after) {
    int most = config.batch() * config.batchesAtOnce() * BATCHES_IN_A_ROUND;
    return runs.next(s, run, after, most)
        .chain(
            next ->
                accounts
                    .byIds(s, next.stream().map(Next::account).toList())
                    .map(found -> batches(next, found)));
  }

  private List<List<Account>> batches(List<Next> next, List<Account> found) {
    Map<UUID, Account> byId = found.stream().collect(Collectors.toMap(Account::id, a -> a));
    List<List<Account>> batches = new ArrayList<>();
    long counted = 0;
    for (Next n : next) {
      boolean isFull =
          batches.isEmpty()
              || batches.getLast().size() == config.batch()
              || counted + n.runs() > config.batchRuns();
      if (isFull) {
        batches.add(new ArrayList<>());
        counted = 0;
      }
      counted += n.runs();
      batches.getLast().add(Objects.requireNonNull(byId.get(n.account())));
    }
    return batches;
  }

  /** Some batches at once, each on an event loop of its own; one that fails is come to again. */
  private Uni<Void> walk(CloseRun run, List<List<Account>> batches) {
    return Uni.join()
        .all(
            batches.stream()
                .map(
                    batch ->
                        Uni.createFrom()
                            .deferred(() -> batch(run, batch))
                            .runSubscriptionOn(elsewhere))
                .toList())
        .usingConcurrencyOf(config.batchesAtOnce())
        .andCollectFailures()
        .replaceWithVoid();
  }

  private Uni<Void> batch(CloseRun run, List<Account> batch) {
    return leases
        .tryAcquire(LEASE, holder, config.lease())
        .chain(() -> desk.advance(batch, run.month(), new Who(run.startedBy(), run.startedName())))
        .chain(
            steps ->
                transactions.asPlatform(s -> runs.came(s, run, batch, steps, clock.instant())));
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
