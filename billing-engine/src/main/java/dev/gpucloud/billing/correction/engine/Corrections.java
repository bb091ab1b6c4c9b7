package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.correction.engine.TaxDocument.Kind;
import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares closed months with what is known of them now. */
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
   * What late usage changes of months before {@code open} that are closed by now. An earlier
   * month's late usage that a later close has charged already is not charged again; where {@code
   * open} is closed itself, what arrived after that is charged by a later month.
   */
  public List<Correction> before(BillingMonth open, Instant now) {
    Instant chargeable =
        closed.stream()
            .filter(c -> c.month().equals(open) && c.closedAt().isBefore(now))
            .map(ClosedMonth::closedAt)
            .findFirst()
            .orElse(now);
    return closed.stream()
        .filter(c -> !c.closedAt().isAfter(now))
        .map(ClosedMonth::month)
        .filter(month -> month.compareTo(open) < 0)
        .distinct()
        .sorted()
        .map(month -> correction(month, chargedBy(month, open, now), chargeable))
        .flatMap(Optional::stream)
        .toList();
  }

  private Instant chargedBy(BillingMonth month, BillingMonth open, Instant now) {
    return closed.stream()
        .filter(c -> c.month().compareTo(month) >= 0 && c.month().compareTo(open) < 0)
        .map(ClosedMonth::closedAt)
        .filter(at -> !at.isAfter(now))
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private Optional<Correction> correction(BillingMonth month, Instant charged, Instant now) {
    return between(
        MonthCharge.of(known.statement(month, charged)), known.statement(month, now), policy);
  }

  /** What changed of a month between what was charged for it and what it comes to now. */
  public static Optional<Correction> between(MonthCharge before, Statement now, LatePolicy policy) {
    return between(now.month(), before, MonthCharge.of(now), policy.in(now.account().mode()));
  }

  /** The same of amounts alone. */
  static Optional<Correction> between(
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
            supplyChanges(before, after),
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
        Map.of(),
        List.of());
  }

  private static Map<TaxType, Won> supplyChanges(MonthCharge before, MonthCharge after) {
    var changes = new TreeMap<TaxType, Won>();
    after.documents().forEach((type, has) -> changes.put(type, has.supplyValue()));
    before
        .documents()
        .forEach((type, had) -> changes.merge(type, had.supplyValue().negate(), Won::plus));
    changes.values().removeIf(Won.ZERO::equals);
    return changes;
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
    types.remove(TaxType.OUT_OF_SCOPE);
    return types.stream()
        .flatMap(type -> amended(month, type, before.document(type), after.document(type)))
        .toList();
  }

  /** What comes to 0 won has no document: nothing is taken back of it, nor put in its place. */
  private static Stream<TaxDocument> amended(
      BillingMonth month, TaxType type, NoteAmount had, NoteAmount has) {
    var documents = new ArrayList<TaxDocument>();
    if (!had.isNothing()) {
      NoteAmount back = NoteAmount.takeBack(had.supplyValue(), had.vat());
      documents.add(document(Kind.REVERSAL, Reason.ENTRY_ERROR, month, type, back));
    }
    if (!has.isNothing()) {
      documents.add(
          had.isNothing()
              ? document(Kind.ORIGINAL, null, month, type, has)
              : document(Kind.REPLACEMENT, Reason.ENTRY_ERROR, month, type, has));
    }
    return documents.stream();
  }

  private static TaxDocument document(
      Kind kind, @Nullable Reason reason, BillingMonth month, TaxType type, NoteAmount amount) {
    return new TaxDocument(
        kind, reason, month, TaxDocument.lastDay(month), type, amount.supplyValue(), amount.vat());
  }
}
