package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.close.Readiness;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.correction.LateUsage;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.crash.CrashPoints;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.kit.tx.Workers;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What months of accounts come to: asked, read in one transaction, and rated outside of any. What
 * was rated says from what, so that whoever writes it sees whether that changed.
 */
@ApplicationScoped
class MonthRating {
  private final Transactions transactions;
  private final AccountRepository accounts;
  private final InvoiceRepository invoices;
  private final StatementService statements;
  private final Readiness readiness;
  private final LateUsage late;
  private final BookedDayRepository books;
  private final CrashPoints crashes;

  MonthRating(
      Transactions transactions,
      AccountRepository accounts,
      InvoiceRepository invoices,
      StatementService statements,
      Readiness readiness,
      LateUsage late,
      BookedDayRepository books,
      CrashPoints crashes) {
    this.books = books;
    this.transactions = transactions;
    this.accounts = accounts;
    this.invoices = invoices;
    this.statements = statements;
    this.readiness = readiness;
    this.late = late;
    this.crashes = crashes;
  }

  /** A month of an account. */
  record AccountMonth(Account account, BillingMonth month) {}

  /**
   * A rated month, not yet written; {@code meteredEvents} is what it was rated from, {@code late}
   * what it charges or writes off of closed months, {@code rows} the document of its rows, {@code
   * days} those whose rows were rated before, {@code estimated} the runs whose end is taken from
   * their last sign of life.
   */
  record Rated(
      AccountMonth of,
      Statement statement,
      LateUsage.Settling late,
      byte[] rows,
      List<BookedDay> days,
      List<RunUsage> estimated,
      long meteredEvents,
      long versions) {
    boolean isEmpty() {
      return statement.lines().isEmpty() && late.all().isEmpty();
    }
  }

  /** What became of an account's month that was to be rated. */
  sealed interface Outcome {
    /** It is rated. */
    record Done(Rated rated) implements Outcome {}

    /** Something stands against it. */
    record Refused(RuntimeException why) implements Outcome {}
  }

  /** Usage or terms changed between rating and writing; rating again settles it. */
  static final class UsageChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageChanged() {
      super("usage changed while it was rated", null, false, false);
    }
  }

  static ProblemException notReady(List<Finding> blockers) {
    return ProblemType.MONTH_NOT_READY
        .because(
            blockers.size() == 1
                ? blockers.getFirst().detail()
                : blockers.size() + " things stand against it: " + blockers.getFirst().detail())
        .with("blockers", blockers);
  }

  /** Refuses a month that has an invoice or is not ready, and rates it otherwise. */
  Uni<Rated> rate(AccountMonth of) {
    return transactions
        .asPlatform(s -> invoices.findOf(s, List.of(of.account().id()), of.month().toString()))
        .invoke(
            found ->
                found
                    .values()
                    .forEach(
                        e -> {
                          throw exists(e);
                        }))
        .chain(() -> rate(List.of(of.account()), of.month()))
        .map(outcomes -> rated(outcomes.get(of.account().id())));
  }

  private static Rated rated(@Nullable Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done.rated();
      case Outcome.Refused refused -> throw refused.why();
      case null -> throw new IllegalStateException("nothing became of it");
    };
  }

  /**
   * Checks and rates a month of some accounts that have no invoice of it: asks inventory once,
   * reads in one transaction and rates on worker threads. One that is refused does not hold up the
   * others.
   */
  Uni<Map<UUID, Outcome>> rate(List<Account> of, BillingMonth month) {
    List<Finding> early = readiness.notEnded(month);
    if (!early.isEmpty()) {
      return Uni.createFrom().item(refused(of, early));
    }
    return transactions
        .asPlatform(s -> begin(s, of, month))
        .chain(
            begun ->
                begun.closed().isEmpty()
                    ? rate(of, month, begun.charged())
                    : Uni.createFrom().item(refused(of, begun.closed())));
  }

  private static Map<UUID, Outcome> refused(List<Account> of, List<Finding> blockers) {
    Outcome refused = new Outcome.Refused(notReady(blockers));
    return of.stream().collect(Collectors.toMap(Account::id, a -> refused));
  }

  private record Begun(List<Finding> closed, List<Account> charged) {}

  private Uni<Begun> begin(Mutiny.Session s, List<Account> of, BillingMonth month) {
    return readiness
        .closed(s, month)
        .chain(
            closed -> accounts.asCharged(s, of, month).map(charged -> new Begun(closed, charged)));
  }

  private Uni<Map<UUID, Outcome>> rate(
      List<Account> of, BillingMonth month, List<Account> charged) {
    List<UUID> tenants = charged.stream().flatMap(a -> a.tenantIds().stream()).toList();
    return readiness
        .told(tenants, month)
        .chain(
            told ->
                transactions.asPlatform(
                    s ->
                        read(s, of, month)
                            .chain(
                                read ->
                                    readiness
                                        .said(s, charged, month, told, read.inputs())
                                        .invoke(said -> read.said = said)
                                        .replaceWith(read))))
        .invoke(() -> crashes.reached(MonthPoint.READ))
        .chain(read -> outcomes(of, month, read))
        .invoke(() -> crashes.reached(MonthPoint.RATED));
  }

  /** Each on whatever worker is free; none is left out. */
  private static Uni<Map<UUID, Outcome>> outcomes(List<Account> of, BillingMonth month, Read read) {
    return Workers.each(of, account -> Map.entry(account.id(), read.outcome(account, month)))
        .map(all -> all.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** What decides the months of some accounts, read one after the other. */
  private static final class Read {
    private Map<UUID, Long> events = Map.of();
    private Map<UUID, StatementService.Inputs> inputs = Map.of();
    private Map<UUID, LateUsage.Pending> late = Map.of();
    private Map<UUID, Long> versions = Map.of();
    private Readiness.SaidOfAll said = new Readiness.SaidOfAll(Map.of());

    Map<UUID, StatementService.Inputs> inputs() {
      return inputs;
    }

    Outcome outcome(Account account, BillingMonth month) {
      try {
        return new Outcome.Done(rated(account, month));
      } catch (RuntimeException e) {
        return new Outcome.Refused(e);
      }
    }

    /** Rated once: again only when closed months leave less of its credits or add lines. */
    private Rated rated(Account account, BillingMonth month) {
      StatementService.Inputs in = Objects.requireNonNull(inputs.get(account.id()));
      Statement own = in.state();
      List<Finding> standing = said.of(account.id()).standing(own.unpriced());
      if (!standing.isEmpty()) {
        throw notReady(standing);
      }
      return rated(account, month, in, own);
    }

    /** As {@link #rated(Account, BillingMonth)}, whatever stands against it. */
    Rated again(Account account, BillingMonth month) {
      StatementService.Inputs in = Objects.requireNonNull(inputs.get(account.id()));
      return rated(account, month, in, null);
    }

    private Rated rated(
        Account account, BillingMonth month, StatementService.Inputs in, @Nullable Statement own) {
      LateUsage.Settling settling = Objects.requireNonNull(late.get(account.id())).settle();
      List<Finding> unpriced = settling.unpriced().stream().map(Readiness::noPrice).toList();
      if (!unpriced.isEmpty()) {
        throw notReady(unpriced);
      }
      Map<Key, Rational> lines = settling.lines();
      Map<UUID, Rational> credits = settling.credits();
      Statement statement =
          own != null && lines.isEmpty() && credits.isEmpty() ? own : in.state(lines, credits);
      return new Rated(
          new AccountMonth(account, month),
          statement,
          settling,
          RowsDocument.write(
              StatementRows.details(statement, settling),
              StatementRows.dayLines(statement, in.booked())),
          in.booked().days(),
          in.runs().stream().filter(RunUsage::isEndEstimated).toList(),
          events.getOrDefault(account.id(), 0L),
          versions.getOrDefault(account.id(), 0L));
    }
  }

  /** What tells of changes is read first, so that none of them is missed. */
  private Uni<Read> read(Mutiny.Session s, List<Account> of, BillingMonth month) {
    var read = new Read();
    return meteredEvents(s, of, month)
        .invoke(events -> read.events = events)
        .chain(() -> statements.versions(s, of))
        .invoke(versions -> read.versions = versions)
        .chain(() -> statements.loadBooked(s, of, month))
        .invoke(inputs -> read.inputs = inputs)
        .chain(() -> late.load(s, of, month))
        .invoke(pending -> read.late = pending)
        .replaceWith(read);
  }

  /** Rates a month that has a draft, whatever stands against it. */
  Uni<Rated> compute(AccountMonth of) {
    return transactions
        .asPlatform(s -> read(s, List.of(of.account()), of.month()))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(read -> read.again(of.account(), of.month()));
  }

  /** Metered events that decide the month: of its own tenants and of those pooled with them. */
  Uni<Map<UUID, Long>> meteredEvents(Mutiny.Session s, List<Account> of, BillingMonth month) {
    return statements
        .tenants(s, of, month)
        .chain(
            tenants ->
                invoices
                    .meteredEvents(
                        s,
                        tenants.values().stream().flatMap(List::stream).distinct().toList(),
                        month)
                    .map(counts -> sums(tenants, counts)));
  }

  private static Map<UUID, Long> sums(Map<UUID, List<UUID>> tenants, Map<UUID, Long> counts) {
    return tenants.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> e.getValue().stream().mapToLong(t -> counts.getOrDefault(t, 0L)).sum()));
  }

  static ProblemException exists(InvoiceEntity e) {
    return ProblemType.ALREADY_EXISTS
        .because("The account has an invoice for " + e.month + ": " + new InvoiceId(e.id) + ".")
        .with("invoice", new InvoiceId(e.id).toString())
        .with("state", e.state);
  }

  /**
   * The accounts of which events, what is agreed with them, or a day's book that they rest on,
   * changed since they were rated.
   */
  Uni<Set<UUID>> changed(Mutiny.Session s, List<Rated> all) {
    List<Account> of = all.stream().map(r -> r.of().account()).toList();
    BillingMonth month = all.getFirst().of().month();
    return meteredEvents(s, of, month)
        .chain(
            events ->
                statements
                    .versions(s, of)
                    .chain(
                        versions ->
                            books
                                .holding(s, booked(all), month)
                                .map(
                                    holding ->
                                        all.stream()
                                            .filter(
                                                r ->
                                                    isChanged(r, events, versions)
                                                        || !holding.containsAll(r.days()))
                                            .map(r -> r.of().account().id())
                                            .collect(Collectors.toSet()))));
  }

  /** Tenants with days that were rated before. */
  private static Set<UUID> booked(List<Rated> all) {
    return all.stream()
        .flatMap(r -> r.days().stream().map(BookedDay::tenant))
        .collect(Collectors.toSet());
  }

  private static boolean isChanged(Rated rated, Map<UUID, Long> events, Map<UUID, Long> versions) {
    UUID id = rated.of().account().id();
    return events.getOrDefault(id, 0L) != rated.meteredEvents()
        || versions.getOrDefault(id, 0L) != rated.versions();
  }
}
