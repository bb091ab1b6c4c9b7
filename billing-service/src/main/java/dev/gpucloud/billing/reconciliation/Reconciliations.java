package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.booked.InvoiceBooks;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.close.engine.Findings;
import dev.gpucloud.billing.reconciliation.engine.Difference;
import dev.gpucloud.billing.reconciliation.engine.ReconciliationEngine;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.Window;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Workers;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Holds the parties' words on an account's month against each other; a difference blocks it. */
@ApplicationScoped
class Reconciliations implements FindingSource {

  private final WitnessRepository witnesses;
  private final BookedDayRepository books;
  private final ReconciliationEngine engine;
  private final InstantSource clock;

  Reconciliations(
      WitnessRepository witnesses,
      BookedDayRepository books,
      ReconciliationConfig config,
      @Business InstantSource clock) {
    this.witnesses = witnesses;
    this.books = books;
    this.engine = new ReconciliationEngine(config.agentTolerance());
    this.clock = clock;
  }

  /** An account's month with what every party says. */
  record Month(
      BillingMonth month,
      List<RunWitness> runs,
      List<Difference> differences,
      Books books,
      ReconciliationEngine engine) {}

  /**
   * The ledger's part.
   *
   * @param trialKrw the sum of the entries of the account's documents of the month: zero
   * @param unbilledKrw what the issued invoice of the month left in unbilled receivables: zero
   */
  record Books(long trialKrw, long unbilledKrw) {
    static final Books EMPTY = new Books(0, 0);

    boolean balance() {
      return trialKrw == 0 && unbilledKrw == 0;
    }
  }

  Uni<Month> load(Mutiny.Session s, Account account, BillingMonth month) {
    return months(
            s, List.of(account), month, witnesses.load(s, List.of(account), month, clock.instant()))
        .map(all -> Objects.requireNonNull(all.get(account.id())));
  }

  /** The same of some accounts; what is read is compared on worker threads. */
  private Uni<Map<UUID, Month>> months(
      Mutiny.Session s, List<Account> accounts, BillingMonth month, Uni<Witnesses> witnesses) {
    return witnesses
        .chain(
            read ->
                books(s, accounts, month)
                    .chain(
                        books ->
                            Workers.each(
                                accounts, a -> month(month, read.of(a), books.get(a.id())))))
        .map(
            months ->
                IntStream.range(0, accounts.size())
                    .boxed()
                    .collect(Collectors.toMap(i -> accounts.get(i).id(), months::get)));
  }

  private Month month(BillingMonth month, List<RunWitness> runs, @Nullable Books books) {
    return new Month(
        month,
        runs,
        differences(runs, month),
        Objects.requireNonNullElse(books, Books.EMPTY),
        engine);
  }

  private List<Difference> differences(List<RunWitness> runs, BillingMonth month) {
    var window = new Window(month.start(), month.end());
    return runs.stream().flatMap(w -> engine.differences(w, window).stream()).toList();
  }

  private static Uni<Map<UUID, Books>> books(
      Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(i.account_id as text), coalesce(sum(e.amount_krw), 0),
                   coalesce(sum(e.amount_krw) filter (where e.account = 'UNBILLED_RECEIVABLE'), 0)
            from invoice i
              join ledger_transaction t on t.document = 'inv_' || i.id
              join ledger_entry e on e.transaction_id = t.id
            where i.account_id = any (cast(string_to_array(?1, ',') as uuid[])) and i.month = ?2
            group by i.account_id""",
            Rows.param(accounts.stream().map(Account::id).toList()),
            month.toString())
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.toMap(
                            r -> r.uuid(0), r -> new Books(r.number(1), r.number(2)))));
  }

  /** Of what an invoice rests on books, the books say it; if all of them hold nobody asks again. */
  @Override
  public Uni<Map<UUID, List<Finding>>> find(
      Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    return books
        .ofInvoices(s, accounts.stream().map(Account::id).toList(), month.toString())
        .chain(
            booked ->
                withoutBooks(s, accounts, month, booked)
                    .chain(
                        found ->
                            withBooks(s, accounts, month, booked)
                                .invoke(found::putAll)
                                .replaceWith(found)));
  }

  private Uni<Map<UUID, List<Finding>>> withoutBooks(
      Mutiny.Session s,
      List<Account> accounts,
      BillingMonth month,
      Map<UUID, InvoiceBooks> booked) {
    List<Account> of = accounts.stream().filter(a -> !booked.containsKey(a.id())).toList();
    return of.isEmpty()
        ? Uni.createFrom().item(new HashMap<>())
        : months(s, of, month, witnesses.load(s, of, month, clock.instant()))
            .map(all -> findings(all, booked));
  }

  private Uni<Map<UUID, List<Finding>>> withBooks(
      Mutiny.Session s,
      List<Account> accounts,
      BillingMonth month,
      Map<UUID, InvoiceBooks> booked) {
    List<Account> of = accounts.stream().filter(a -> booked.containsKey(a.id())).toList();
    List<BookedDay> days = booked.values().stream().flatMap(b -> b.days().stream()).toList();
    return of.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : months(s, of, month, witnesses.loadOutside(s, of, month, clock.instant(), days))
            .map(all -> findings(all, booked));
  }

  private static Map<UUID, List<Finding>> findings(
      Map<UUID, Month> months, Map<UUID, InvoiceBooks> booked) {
    Map<UUID, List<Finding>> found = new HashMap<>();
    months.forEach(
        (account, m) -> {
          InvoiceBooks books = booked.get(account);
          found.put(account, findings(m, books == null ? 0 : books.silent()));
        });
    return found;
  }

  private static List<Finding> findings(Month m, long silentInBooks) {
    var found = new ArrayList<Finding>();
    m.differences().stream()
        .limit(Findings.ASKED)
        .map(Reconciliations::finding)
        .forEach(found::add);
    if (!m.books().balance()) {
      found.add(unbalanced(m));
    }
    long silent = silentInBooks + m.runs().stream().filter(Reconciliations::isSilent).count();
    if (silent > 0) {
      found.add(
          new Finding(
              Check.AGENT_SILENT,
              m.month().toString(),
              silent + " ended runs were never reported alive by an agent.",
              Map.of("runs", Long.toString(silent))));
    }
    return found;
  }

  static boolean isSilent(RunWitness w) {
    return w.aliveThrough() == null && w.life().startedAt() != null && w.life().stoppedAt() != null;
  }

  private static Finding finding(Difference d) {
    return new Finding(
        Check.RECONCILIATION_DIFFERENCE,
        d.kind() + "@" + d.run() + ":" + d.millis(),
        "Run %s: %s by %s s.".formatted(d.run(), d.kind(), Seconds.of(d.millis())),
        Map.of(
            "kind",
            d.kind().name(),
            "runId",
            d.run().toString(),
            "instanceId",
            d.instance().toString(),
            "seconds",
            Seconds.of(d.millis())));
  }

  private static Finding unbalanced(Month m) {
    return new Finding(
        Check.RECONCILIATION_DIFFERENCE,
        "LEDGER@%d/%d".formatted(m.books().trialKrw(), m.books().unbilledKrw()),
        "The ledger is off by %d won, unbilled receivables by %d won."
            .formatted(m.books().trialKrw(), m.books().unbilledKrw()),
        Map.of(
            "kind",
            "LEDGER",
            "trialKrw",
            Long.toString(m.books().trialKrw()),
            "unbilledKrw",
            Long.toString(m.books().unbilledKrw())));
  }
}
