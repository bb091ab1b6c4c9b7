package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.Correction.Outcome;
import dev.gpucloud.billing.correction.engine.TaxDocument.Kind;
import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares what was charged for a month with what it comes to now. */
public final class Corrections {

  private Corrections() {}

  /**
   * What changed of a month between what was charged for it and what it comes to now.
   *
   * @param open what the month is charged as that settles it
   */
  public static Optional<Correction> between(
      MonthCharge before, Statement now, LatePolicy policy, BillingMode open) {
    return between(
        now.month(),
        before,
        MonthCharge.of(now),
        difference -> policy.outcome(now.account().mode(), open, difference));
  }

  /** The same of amounts alone. */
  static Optional<Correction> between(
      BillingMonth month, MonthCharge before, MonthCharge after, Function<Won, Outcome> settledBy) {
    Map<Key, Rational> changes = changes(before, after);
    boolean same = changes.isEmpty() && before.supplyValue().equals(after.supplyValue());
    if (same) {
      return Optional.empty();
    }
    Outcome outcome = settledBy.apply(after.supplyValue().minus(before.supplyValue()));
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

  /**
   * The correction of a month whose lines stay, though they take other credits than before, or rest
   * on other times that cost nothing.
   */
  public static Correction ofSameLines(BillingMonth month, MonthCharge charge) {
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
    return types.stream().flatMap(type -> amended(month, type, before, after)).toList();
  }

  /**
   * What comes to 0 won has no document: nothing is taken back of it, nor put in its place. One
   * that is right as it stands, though its lines changed, stays.
   */
  private static Stream<TaxDocument> amended(
      BillingMonth month, TaxType type, MonthCharge before, MonthCharge after) {
    var documents = new ArrayList<TaxDocument>();
    NoteAmount had = before.issued().getOrDefault(type, NoteAmount.NOTHING);
    NoteAmount has = amended(had, type, before.document(type), after.document(type));
    if (has.equals(had)) {
      return Stream.empty();
    }
    if (!had.isNothing()) {
      NoteAmount back = NoteAmount.takeBack(had.supplyValue(), had.vat());
      documents.add(document(Kind.REVERSAL, Reason.ENTRY_ERROR, month, type, back));
    }
    if (!has.isNothing()) {
      documents.add(
          before.issued().containsKey(type)
              ? document(Kind.REPLACEMENT, Reason.ENTRY_ERROR, month, type, has)
              : document(Kind.ORIGINAL, null, month, type, has));
    }
    return documents.stream();
  }

  /** A document with what changed since it was charged; what was written off stays so. */
  private static NoteAmount amended(
      NoteAmount had, TaxType type, NoteAmount before, NoteAmount after) {
    if (had.equals(before)) {
      return after;
    }
    Won supply = had.supplyValue().plus(after.supplyValue()).minus(before.supplyValue());
    return new NoteAmount(supply, Vat.of(supply, type));
  }

  private static TaxDocument document(
      Kind kind, @Nullable Reason reason, BillingMonth month, TaxType type, NoteAmount amount) {
    return new TaxDocument(
        kind, reason, month, TaxDocument.lastDay(month), type, amount.supplyValue(), amount.vat());
  }
}
