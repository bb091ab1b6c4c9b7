package dev.gpucloud.billing.daybook;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.daybook.DayBookRepository.Book;
import dev.gpucloud.billing.daybook.DayBookRepository.Looked;
import dev.gpucloud.billing.metering.engine.EndDay;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.reconciliation.RunAgreements;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.StatementService.Inputs;
import dev.gpucloud.billing.statement.engine.DayBook;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.PriceBasis;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.kit.tx.Workers;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Rates what ended on a day some time after the day, so that the close of the month need not: the
 * runs of a tenant of which inventory, metering and agents say the same. A book is made of what was
 * read, and kept only if nothing came for the day meanwhile; a day without one is read run by run.
 */
@ApplicationScoped
class DayBookKeeper {
  private static final Logger LOG = Logger.getLogger(DayBookKeeper.class);
  private static final String LEASE = "day-books";

  private final Transactions transactions;
  private final Leases leases;
  private final DayBookRepository repository;
  private final AccountRepository accounts;
  private final StatementService statements;
  private final RunAgreements agreements;
  private final DayBookConfig config;
  private final InstantSource clock;
  private final InstantSource system;
  private final String holder = UUID.randomUUID().toString();

  DayBookKeeper(
      Transactions transactions,
      Leases leases,
      DayBookRepository repository,
      AccountRepository accounts,
      StatementService statements,
      RunAgreements agreements,
      DayBookConfig config,
      @Business InstantSource clock,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.leases = leases;
    this.repository = repository;
    this.accounts = accounts;
    this.statements = statements;
    this.agreements = agreements;
    this.config = config;
    this.clock = clock;
    this.system = system;
  }

  @Scheduled(
      every = "${gpucloud.day-books.check}",
      delayed = "2s",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return Multi.createBy()
        .repeating()
        .uni(this::round)
        .whilst(more -> more)
        .collect()
        .last()
        .replaceWithVoid()
        .onFailure()
        .invoke(f -> LOG.warnf("days are booked at the next look: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** Answers whether there may be more to do. */
  private Uni<Boolean> round() {
    return leases
        .tryAcquire(LEASE, holder, config.lease())
        .chain(
            lease ->
                lease.isEmpty()
                    ? Uni.createFrom().item(false)
                    : transactions
                        .asPlatform(this::read)
                        .chain(
                            read ->
                                read.isEmpty()
                                    ? Uni.createFrom().item(false)
                                    : book(read.get()).replaceWith(true)));
  }

  private Uni<Void> book(Read read) {
    return Workers.each(read.days(), read::look)
        .chain(looked -> transactions.asPlatform(s -> repository.keep(s, looked)));
  }

  /** Days of one month with all that decides them. */
  private record Read(
      List<BookedDay> days,
      Map<BookedDay, Set<UUID>> runs,
      Map<UUID, Inputs> inputs,
      RunAgreements.Loaded agreements) {

    /** Costs time: call it on a worker thread. */
    Looked look(BookedDay day) {
      Inputs of = inputs.get(day.tenant());
      Set<UUID> ids = runs.getOrDefault(day, Set.of());
      if (of == null || agreements.hasStrays(day.tenant())) {
        return new Looked(day, null, 0, 0);
      }
      List<RunUsage> ended =
          of.runs().stream().filter(run -> ids.contains(run.runId().value())).toList();
      PriceBasis basis = of.basis();
      return of.alone(ended)
          .flatMap(statement -> DayBook.of(statement, basis))
          .filter(book -> ended.size() == ids.size())
          .map(book -> looked(day, book, basis, agreements.look(ids, book.rows())))
          .orElseGet(() -> new Looked(day, null, 0, 0));
    }

    private static Looked looked(
        BookedDay day, DayBook book, PriceBasis basis, RunAgreements.Verdict verdict) {
      return verdict.agree()
          ? new Looked(day, kept(day, book, basis), verdict.runs(), verdict.silent())
          : new Looked(day, null, 0, 0);
    }

    private static Book kept(BookedDay day, DayBook book, PriceBasis basis) {
      var tenant = new TenantId(day.tenant());
      return new Book(
          book.usage().stream()
              .map(u -> new Book.Based(u, basis.of(tenant, u.sku(), day.day()).orElseThrow()))
              .toList(),
          RowsDocument.writeDay(book.rows().stream().map(Read::row).toList()));
    }

    private static RowsDocument.DayRow row(Part part) {
      return new RowsDocument.DayRow(
          part.row().price().sku(), part.row().price().lineVersion(), StoredRow.of(0, 0, part));
    }
  }

  private Uni<Optional<Read>> read(Mutiny.Session s) {
    Instant now = clock.instant();
    EndDay today = new EndDay(now.atZone(BillingMonth.ZONE).toLocalDate());
    EndDay first = new EndDay(today.date().minusMonths(config.monthsBack()).withDayOfMonth(1));
    return repository
        .due(
            s,
            first,
            today,
            system.instant().minus(config.rest()),
            new DayBookRepository.Batch(config.batch(), config.batchRuns()))
        .chain(
            due ->
                due.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : read(s, ofOneMonth(due), now).map(Optional::of));
  }

  private static List<BookedDay> ofOneMonth(List<BookedDay> due) {
    BillingMonth month = due.getFirst().day().month();
    return due.stream().filter(day -> day.day().month().equals(month)).toList();
  }

  private Uni<Read> read(Mutiny.Session s, List<BookedDay> days, Instant now) {
    BillingMonth month = days.getFirst().day().month();
    var found = new Found();
    return repository
        .runs(s, days)
        .invoke(runs -> found.runs = runs)
        .chain(() -> repository.accountsOf(s, days.stream().map(BookedDay::tenant).toList()))
        .chain(
            ids ->
                ids.isEmpty() ? Uni.createFrom().item(List.<Account>of()) : accounts.byIds(s, ids))
        .chain(of -> statements.loadRuns(s, of, month, found.ids()))
        .invoke(inputs -> found.inputs = byTenant(inputs.values()))
        .chain(() -> agreements.load(s, days, found.ids(), month, now))
        .map(loaded -> new Read(days, found.runs, found.inputs, loaded));
  }

  private static Map<UUID, Inputs> byTenant(Collection<Inputs> all) {
    Map<UUID, Inputs> byTenant = new HashMap<>();
    all.forEach(in -> in.account().tenantIds().forEach(tenant -> byTenant.put(tenant, in)));
    return byTenant;
  }

  /** What is read one after the other. */
  private static final class Found {
    private Map<BookedDay, Set<UUID>> runs = Map.of();
    private Map<UUID, Inputs> inputs = Map.of();

    List<UUID> ids() {
      return runs.values().stream().flatMap(Set::stream).toList();
    }
  }
}
