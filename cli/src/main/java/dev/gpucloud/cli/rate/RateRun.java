package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.correction.engine.ClosedMonths;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.MonthNotes;
import dev.gpucloud.billing.correction.engine.MonthNotes.CreditBeyondBilledException;
import dev.gpucloud.billing.correction.engine.TaxDocument;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rates a month of an account from a price book and events, with the engine of billing-service. */
public final class RateRun {
  private final Names names = new Names();
  private final Path pricesFile;
  private final BillingMonth month;
  private final @Nullable Instant asOf;
  private final Map<BillingMonth, PriceBookFile.Read> prices = new HashMap<>();
  private final EventsFile events;
  private final Map<Instant, Metered> metered = new HashMap<>();
  private final Map<Known, Statement> known = new HashMap<>();
  private @Nullable ClosedCredits credits;

  private record Known(BillingMonth month, Instant arrivedBy) {}

  private RateRun(Path pricesFile, Path eventsFile, BillingMonth month, @Nullable Instant asOf) {
    this.pricesFile = pricesFile;
    this.month = month;
    this.asOf = asOf;
    this.events = readBoth(eventsFile);
  }

  /** The events, when neither file has a violation: what is wrong with both is said at once. */
  private EventsFile readBoth(Path eventsFile) {
    BadFileException wrongPrices = null;
    try {
      prices(month);
    } catch (BadFileException e) {
      wrongPrices = e;
    }
    EventsFile read;
    try {
      read = EventsFile.read(eventsFile, names);
    } catch (BadFileException e) {
      throw wrongPrices == null ? e : wrongPrices.and(e);
    }
    if (wrongPrices != null) {
      throw wrongPrices;
    }
    return read;
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
    try {
      return new RateRun(pricesFile, eventsFile, month, asOf).rate(account);
    } catch (ArithmeticException e) {
      throw new BadFileException(
          "An amount is beyond what a document can bear:",
          List.of("whole won must be below 9 * 10^18; look at prices and numbers of GPUs"));
    }
  }

  private ObjectNode rate(String accountName) {
    String account = prices(month).accounts().find(accountName);
    if (account == null) {
      throw new BadFileException(
          "The price book has no account '" + accountName + "'. It has:",
          List.copyOf(new TreeSet<>(prices(month).book().accounts().keySet())));
    }
    Instant arrivedBy = asOf == null ? Instant.MAX : asOf;
    Corrected corrected = prices(month).said(account).corrected();
    var months =
        new ClosedMonths(
            (of, by) -> known(account, of, by),
            corrected.closed(),
            corrected.policy(),
            of -> terms(account, of).mode());
    credits =
        new ClosedCredits(
            corrected, months, of -> terms(account, of), (of, by) -> known(account, of, by));
    List<Correction> found = months.before(month, arrivedBy);
    Map<Key, Rational> lines = new HashMap<>();
    found.forEach(c -> lines.putAll(c.lines()));
    Statement statement = state(account, month, arrivedBy, lines);
    return new RateResult(
            names,
            prices(month),
            statement,
            metered(account, month, arrivedBy),
            found,
            notes(corrected, months, arrivedBy),
            events.unread())
        .toJson();
  }

  private List<TaxDocument> notes(Corrected corrected, ClosedMonths months, Instant arrivedBy) {
    var notes = new MonthNotes(months);
    List<TaxDocument> documents = new ArrayList<>();
    try {
      documents.addAll(notes.creditNotes(corrected.slaCredits(), month, arrivedBy));
    } catch (CreditBeyondBilledException e) {
      throw new BadFileException(
          pricesFile.getFileName() + " is not what it must be:",
          List.of(
              "%s: %s; credit at most that, and give the events of %s too"
                  .formatted(corrected.placeOf(e.credit()), e.getMessage(), e.credit().month())));
    }
    List<String> wrong = new TakeBackCheck(corrected, months).violations(month, arrivedBy);
    if (!wrong.isEmpty()) {
      throw new BadFileException(pricesFile.getFileName() + " is not what it must be:", wrong);
    }
    documents.addAll(notes.takenBack(corrected.takeBacks(), month, arrivedBy));
    return documents;
  }

  /** The price book as a month's invoice sees it: what earlier months took of balances is gone. */
  private PriceBookFile.Read prices(BillingMonth of) {
    return prices.computeIfAbsent(of, m -> PriceBookFile.read(pricesFile, names, m));
  }

  private Metered metered(Instant arrivedBy) {
    return metered.computeIfAbsent(arrivedBy, by -> events.metered(by, asOf));
  }

  /** The same as a month of an account counts it, which had no proof of some runs' ends. */
  private Metered metered(String account, BillingMonth of, Instant arrivedBy) {
    AccountFields.Read said = prices(of).said(account);
    boolean isBeforeClose = said.corrected().closedAt(of).filter(arrivedBy::isBefore).isPresent();
    Metered all = metered(arrivedBy);
    return isBeforeClose ? all : EstimatedEnd.apply(said.estimatedEnds(), of, all, names);
  }

  private AccountTerms terms(String account, BillingMonth of) {
    return Objects.requireNonNull(prices(of).book().accounts().get(account));
  }

  /** A month by itself, from what had arrived by an instant. */
  private Statement known(String account, BillingMonth of, Instant arrivedBy) {
    var key = new Known(of, arrivedBy);
    Statement before = known.get(key);
    if (before != null) {
      return before;
    }
    Statement statement = state(account, of, arrivedBy, Map.of());
    known.put(key, statement);
    return statement;
  }

  private Statement state(
      String account, BillingMonth of, Instant arrivedBy, Map<Key, Rational> corrections) {
    Map<UUID, Rational> taken = Objects.requireNonNull(credits).taken(of, arrivedBy);
    PriceBook book = prices(of).book();
    Statement statement =
        new StatementEngine(
                taken.isEmpty() ? book : book.with(terms(account, of).afterCredits(taken)),
                metered(account, of, arrivedBy).runs(),
                asOf == null ? Instant.MAX : asOf)
            .state(account, of, corrections);
    refuseUnpriced(statement);
    return statement;
  }

  /** Usage is never dropped: without a price there is no document. */
  private void refuseUnpriced(Statement statement) {
    Map<String, Instant> first = new TreeMap<>();
    for (Unpriced unpriced : statement.unpriced()) {
      first.merge(unpriced.sku(), unpriced.from(), (a, b) -> a.isBefore(b) ? a : b);
    }
    if (!first.isEmpty()) {
      throw new BadFileException(
          pricesFile.getFileName() + " has no price for what was used:",
          first.entrySet().stream()
              .map(
                  each ->
                      "%s: used from %s on; add a version of prices or a contract for it that is in force then"
                          .formatted(each.getKey(), each.getValue()))
              .toList());
    }
  }
}
