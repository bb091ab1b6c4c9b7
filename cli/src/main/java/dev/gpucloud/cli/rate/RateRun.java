package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.Corrections;
import dev.gpucloud.billing.correction.engine.TaxDocument;
import dev.gpucloud.billing.metering.engine.EventLog;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rates a month of an account from a price book and events, with the engine of billing-service. */
public final class RateRun {
  private final Names names = new Names();
  private final PriceBookFile.Read prices;
  private final EventLog events;

  private RateRun(Path pricesFile, Path eventsFile, BillingMonth month) {
    this.prices = PriceBookFile.read(pricesFile, names, month);
    this.events = EventsFile.read(eventsFile, names);
  }

  /**
   * The result as JSON.
   *
   * @param account an account's id, its business number, or the slug of one of its tenants
   * @param asOf the business clock: what had arrived by then counts, and what is dated over five
   *     minutes later is held; null for all there is
   * @throws BadFileException when a file is not what it must be, with every violation
   */
  public static ObjectNode rate(
      Path pricesFile,
      Path eventsFile,
      String account,
      BillingMonth month,
      @Nullable Instant asOf) {
    return new RateRun(pricesFile, eventsFile, month).rate(account, month, asOf);
  }

  private ObjectNode rate(String accountName, BillingMonth month, @Nullable Instant asOf) {
    String account = prices.accountByName().get(accountName);
    if (account == null) {
      throw new BadFileException(
          "The price book has no account '" + accountName + "'. It has:",
          List.copyOf(new TreeSet<>(prices.book().accounts().keySet())));
    }
    Instant arrivedBy = asOf == null ? Instant.MAX : asOf;
    PriceBookFile.Corrected corrected = prices.corrected().get(account);
    var corrections =
        new Corrections(
            (of, by) ->
                new StatementEngine(prices.book(), events.metered(by, asOf).runs())
                    .state(account, of),
            corrected.closed(),
            corrected.policy());
    List<Correction> found = corrections.before(month, arrivedBy);
    Map<Key, Rational> lines = new HashMap<>();
    found.forEach(c -> lines.putAll(c.lines()));
    EventLog.Metered metered = events.metered(arrivedBy, asOf);
    Statement statement =
        new StatementEngine(prices.book(), metered.runs()).state(account, month, lines);
    List<TaxDocument> notes = corrections.creditNotes(corrected.slaCredits(), month, arrivedBy);
    return new RateResult(names, statement, metered, found, notes).toJson();
  }
}
