package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.reconciliation.engine.Difference;
import dev.gpucloud.billing.reconciliation.engine.ReconciliationEngine;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.Window;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** Holds the parties' words on an account's month against each other; a difference blocks it. */
@ApplicationScoped
class Reconciliations implements FindingSource {
  private static final int MOST_FINDINGS = 10_000;

  private final WitnessRepository witnesses;
  private final ReconciliationEngine engine;
  private final InstantSource clock;

  Reconciliations(
      WitnessRepository witnesses, ReconciliationConfig config, @Business InstantSource clock) {
    this.witnesses = witnesses;
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
    boolean balance() {
      return trialKrw == 0 && unbilledKrw == 0;
    }
  }

  Uni<Month> load(Mutiny.Session s, Account account, BillingMonth month) {
    return witnesses
        .load(s, account, month, clock.instant())
        .chain(
            runs ->
                books(s, account, month)
                    .map(books -> new Month(month, runs, differences(runs, month), books, engine)));
  }

  private List<Difference> differences(List<RunWitness> runs, BillingMonth month) {
    var window = new Window(month.start(), month.end());
    return runs.stream().flatMap(w -> engine.differences(w, window).stream()).toList();
  }

  private static Uni<Books> books(Mutiny.Session s, Account account, BillingMonth month) {
    return Rows.select(
            s,
            """
            select coalesce(sum(e.amount_krw), 0),
                   coalesce(sum(e.amount_krw) filter (where e.account = 'UNBILLED_RECEIVABLE'), 0)
            from invoice i
              join ledger_transaction t on t.document = 'inv_' || i.id
              join ledger_entry e on e.transaction_id = t.id
            where i.account_id = ?1 and i.month = ?2""",
            account.id(),
            month.toString())
        .map(rows -> books(rows.getFirst()));
  }

  private static Books books(Row r) {
    return new Books(r.number(0), r.number(1));
  }

  @Override
  public Uni<List<Finding>> find(Mutiny.Session s, Account account, BillingMonth month) {
    return load(s, account, month).map(Reconciliations::findings);
  }

  private static List<Finding> findings(Month m) {
    var found = new ArrayList<Finding>();
    m.differences().stream().limit(MOST_FINDINGS).map(Reconciliations::finding).forEach(found::add);
    if (!m.books().balance()) {
      found.add(unbalanced(m));
    }
    long silent = m.runs().stream().filter(Reconciliations::isSilent).count();
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

  private static boolean isSilent(RunWitness w) {
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
