package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.correction.engine.TaxDocument.Kind;
import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Compares closed months with what is known of them now, and credits what was promised. */
public final class Corrections {

  /** The statement of a month from what had arrived by an instant. */
  @FunctionalInterface
  public interface AsKnown {
    Statement statement(BillingMonth month, Instant arrivedBy);
  }

  private final AsKnown known;
  private final Collection<ClosedMonth> closed;
  private final LatePolicy policy;

  public Corrections(AsKnown known, Collection<ClosedMonth> closed, LatePolicy policy) {
    this.known = known;
    this.closed = closed;
    this.policy = policy;
  }

  /**
   * What late usage changes of months before {@code open}. An earlier month's late usage that a
   * later close has charged already is not charged again.
   */
  public List<Correction> before(BillingMonth open, Instant now) {
    return closed.stream()
        .map(ClosedMonth::month)
        .filter(month -> month.compareTo(open) < 0)
        .distinct()
        .sorted()
        .map(month -> correction(month, chargedBy(month, open), now))
        .flatMap(Optional::stream)
        .toList();
  }

  private Instant chargedBy(BillingMonth month, BillingMonth open) {
    return closed.stream()
        .filter(c -> c.month().compareTo(month) >= 0 && c.month().compareTo(open) < 0)
        .map(ClosedMonth::closedAt)
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private Optional<Correction> correction(BillingMonth month, Instant charged, Instant now) {
    return between(
        month,
        MonthCharge.of(known.statement(month, charged)),
        MonthCharge.of(known.statement(month, now)),
        policy);
  }

  /** What changed of a month between what was charged for it and what it comes to now. */
  public static Optional<Correction> between(
      BillingMonth month, MonthCharge before, MonthCharge after, LatePolicy policy) {
    Map<Key, Rational> changes = changes(before, after);
    boolean same = changes.isEmpty() && before.supplyValue().equals(after.supplyValue());
    if (same) {
      return Optional.empty();
    }
    long size = Math.abs(after.supplyValue().minus(before.supplyValue()).amount());
    Outcome outcome =
        size < policy.writeOffBelow().amount()
            ? Outcome.WRITTEN_OFF
            : policy.way() == LatePolicy.Way.AMENDED ? Outcome.AMENDED : Outcome.NEXT_INVOICE;
    return Optional.of(
        new Correction(
            month,
            outcome,
            before.supplyValue(),
            before.vat(),
            after.supplyValue(),
            after.vat(),
            changes,
            outcome == Outcome.AMENDED ? amended(month, before, after, changes) : List.of()));
  }

  /** The correction of a month whose lines stay, though they take other credits than before. */
  public static Correction ofCreditsAlone(BillingMonth month, MonthCharge charge) {
    return new Correction(
        month,
        Outcome.NEXT_INVOICE,
        charge.supplyValue(),
        charge.vat(),
        charge.supplyValue(),
        charge.vat(),
        Map.of(),
        List.of());
  }

  private static Map<Key, Rational> changes(MonthCharge before, MonthCharge after) {
    var changes = new TreeMap<>(after.exact());
    before.exact().forEach((key, exact) -> changes.merge(key, exact.negate(), Rational::add));
    changes.values().removeIf(Rational::isZero);
    return changes;
  }

  /** Of each tax type whose lines changed: the document it had, and the one in its place. */
  private static List<TaxDocument> amended(
      BillingMonth month, MonthCharge before, MonthCharge after, Map<Key, Rational> changes) {
    var types = new TreeSet<TaxType>();
    changes.keySet().forEach(key -> types.add(key.taxType()));
    for (TaxType type : TaxType.values()) {
      if (!Objects.equals(before.documents().get(type), after.documents().get(type))) {
        types.add(type);
      }
    }
    var documents = new ArrayList<TaxDocument>();
    for (TaxType type : types) {
      NoteAmount had = before.documents().get(type);
      if (had != null) {
        NoteAmount back = NoteAmount.takeBack(had.supplyValue(), had.vat());
        documents.add(amendment(Kind.REVERSAL, month, type, back));
      }
      NoteAmount has = after.documents().get(type);
      if (has != null) {
        documents.add(amendment(Kind.REPLACEMENT, month, type, has));
      }
    }
    return List.copyOf(documents);
  }

  private static TaxDocument amendment(
      Kind kind, BillingMonth month, TaxType type, NoteAmount amount) {
    return new TaxDocument(
        kind, Reason.ENTRY_ERROR, month, lastDay(month), type, amount.supplyValue(), amount.vat());
  }

  private static LocalDate lastDay(BillingMonth month) {
    return month.end().atZone(BillingMonth.ZONE).toLocalDate().minusDays(1);
  }

  /** Credits of a month come to more than was billed for it. */
  public static final class CreditBeyondBilledException extends IllegalArgumentException {
    private CreditBeyondBilledException(SlaCredit credit, Won all, Won billed) {
      super(
          "with %s the credits of %s come to %d won, but %d won were billed"
              .formatted(credit.id(), credit.month(), all.amount(), billed.amount()));
    }
  }

  /**
   * The document of a month as it was issued, or as it was amended before {@code open}; of a month
   * that is not closed, what is known of it.
   */
  private Statement issued(BillingMonth month, BillingMonth open, Instant now) {
    boolean amended = policy.way() == LatePolicy.Way.AMENDED;
    Instant by =
        closed.stream()
            .filter(
                c ->
                    c.month().equals(month)
                        || amended
                            && c.month().compareTo(month) > 0
                            && c.month().compareTo(open) < 0)
            .map(ClosedMonth::closedAt)
            .filter(at -> at.isBefore(now))
            .max(Instant::compareTo)
            .orElse(now);
    return known.statement(month, by);
  }

  /** The documents of {@code open} that take back a whole document, as it was stored (R8). */
  public List<TaxDocument> takenBack(
      Collection<TakeBack> takeBacks, BillingMonth open, Instant now) {
    var documents = new ArrayList<TaxDocument>();
    for (TakeBack back : takeBacks) {
      if (monthOf(back.on()).equals(open)) {
        Statement original = issued(back.month(), open, now);
        MonthCharge.documents(original)
            .forEach((type, had) -> documents.add(takenBack(back, type, had)));
      }
    }
    return List.copyOf(documents);
  }

  private static TaxDocument takenBack(TakeBack back, TaxType type, NoteAmount had) {
    return new TaxDocument(
        Kind.REVERSAL,
        back.amendment(),
        back.month(),
        back.writeDate(lastDay(back.month())),
        type,
        had.supplyValue().negate(),
        had.vat().negate());
  }

  private static BillingMonth monthOf(LocalDate day) {
    return BillingMonth.of(day.atStartOfDay(BillingMonth.ZONE).toInstant());
  }

  /**
   * The credit notes written in {@code open}; VAT counts all credits against a document (R7).
   *
   * @throws CreditBeyondBilledException when a month is credited more than was billed for it
   */
  public List<TaxDocument> creditNotes(
      Collection<SlaCredit> credits, BillingMonth open, Instant now) {
    var notes = new ArrayList<TaxDocument>();
    var creditedBefore = new HashMap<Credited, Won>();
    for (SlaCredit credit : credits.stream().sorted(SlaCredit.ORDER).toList()) {
      if (monthOf(credit.grantedOn()).compareTo(open) > 0) {
        break;
      }
      Statement original = issued(credit.month(), open, now);
      supplies(credit, original)
          .forEach(
              (taxType, supply) -> {
                var credited = new Credited(credit.month(), taxType);
                Won before = creditedBefore.getOrDefault(credited, Won.ZERO);
                Won all = before.plus(supply);
                Won billed = billed(original, line -> line.key().taxType() == taxType);
                if (all.compareTo(billed) > 0) {
                  throw new CreditBeyondBilledException(credit, all, billed);
                }
                creditedBefore.put(credited, all);
                if (monthOf(credit.grantedOn()).equals(open)) {
                  Won vat = NoteAmount.difference(before, supply, taxType).vat();
                  notes.add(note(credit, taxType, supply, vat));
                }
              });
    }
    return List.copyOf(notes);
  }

  /** What VAT of credits is counted by (R7). */
  private record Credited(BillingMonth month, TaxType taxType) {}

  private static TaxDocument note(SlaCredit credit, TaxType type, Won supply, Won vat) {
    return new TaxDocument(
        Kind.CREDIT_NOTE,
        Reason.SUPPLY_VALUE_CHANGE,
        credit.month(),
        credit.grantedOn(),
        type,
        supply.negate(),
        vat.negate());
  }

  /** What is credited of each tax type: of what it was billed, or the amount that was promised. */
  private static Map<TaxType, Won> supplies(SlaCredit credit, Statement original) {
    Predicate<StatementLine> concerned =
        line -> credit.sku() == null || line.key().item().equals(credit.sku());
    Won amount = credit.amount();
    if (amount != null) {
      return Map.of(typeOf(original, concerned), amount);
    }
    var supplies = new TreeMap<TaxType, Won>();
    for (StatementLine line : original.lines()) {
      if (concerned.test(line)) {
        TaxType type = line.key().taxType();
        supplies.computeIfAbsent(
            type,
            t ->
                SlaCredit.of(
                    credit.pct(),
                    billed(original, l -> concerned.test(l) && l.key().taxType() == t)));
      }
    }
    return supplies;
  }

  /** The month's usual type, unless nothing that is concerned was billed under it. */
  private static TaxType typeOf(Statement original, Predicate<StatementLine> concerned) {
    var billed = new TreeSet<TaxType>();
    original.lines().stream().filter(concerned).forEach(l -> billed.add(l.key().taxType()));
    return billed.isEmpty() || billed.contains(original.taxType())
        ? original.taxType()
        : billed.first();
  }

  private static Won billed(Statement original, Predicate<StatementLine> of) {
    return original.lines().stream()
        .filter(of)
        .map(StatementLine::supply)
        .reduce(Won.ZERO, Won::plus);
  }
}
