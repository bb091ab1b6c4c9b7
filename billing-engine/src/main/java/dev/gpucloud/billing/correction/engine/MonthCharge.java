package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a month comes to, or what was charged for it so far: whole won, in all and on the document
 * of each tax type, and the exact amounts behind them by the key that a correction of them has.
 *
 * @param issued what the documents say that stand, by the tax types that it ever had one of; they
 *     lack what was written off, or is on another month's invoice
 */
public record MonthCharge(
    Won supplyValue,
    Won vat,
    Map<TaxType, NoteAmount> documents,
    Map<Key, Rational> exact,
    Map<TaxType, NoteAmount> issued) {
  public MonthCharge {
    documents = Map.copyOf(documents);
    exact = Map.copyOf(exact);
    issued = Map.copyOf(issued);
  }

  /** Of a month that has the documents of what it comes to; of 0 won there is none. */
  public MonthCharge(
      Won supplyValue, Won vat, Map<TaxType, NoteAmount> documents, Map<Key, Rational> exact) {
    this(supplyValue, vat, documents, exact, issued(documents));
  }

  private static Map<TaxType, NoteAmount> issued(Map<TaxType, NoteAmount> documents) {
    var issued = new TreeMap<>(documents);
    issued.values().removeIf(NoteAmount::isNothing);
    return issued;
  }

  /** The same with the documents of what was charged before, as a correction amended them. */
  MonthCharge after(MonthCharge before, List<TaxDocument> amendments) {
    var now = new TreeMap<>(before.issued);
    for (TaxDocument document : amendments) {
      NoteAmount amount =
          document.kind() == TaxDocument.Kind.REVERSAL
              ? NoteAmount.NOTHING
              : new NoteAmount(document.supplyValue(), document.vat());
      now.put(document.taxType(), amount);
    }
    return new MonthCharge(supplyValue, vat, documents, exact, now);
  }

  /** Of a month that has these supply values by tax type. */
  public static MonthCharge of(Map<TaxType, Won> supplies, Map<Key, Rational> exact) {
    Map<TaxType, NoteAmount> documents = new TreeMap<>();
    supplies.forEach(
        (type, supply) -> documents.put(type, new NoteAmount(supply, Vat.of(supply, type))));
    NoteAmount all = documents.values().stream().reduce(NoteAmount.NOTHING, NoteAmount::plus);
    return new MonthCharge(all.supplyValue(), all.vat(), documents, exact);
  }

  public static MonthCharge of(Statement statement) {
    var exact = new TreeMap<Key, Rational>();
    for (StatementLine line : statement.lines()) {
      exact.merge(correcting(line.key()), line.exact(), Rational::add);
    }
    return new MonthCharge(statement.supplyValue(), statement.vat(), documents(statement), exact);
  }

  /** What the document of a tax type comes to; nothing where there is none. */
  NoteAmount document(TaxType type) {
    return documents.getOrDefault(type, NoteAmount.NOTHING);
  }

  /** What the lines of each tax type come to. */
  static Map<TaxType, NoteAmount> documents(Statement statement) {
    var documents = new TreeMap<TaxType, NoteAmount>();
    for (StatementLine line : statement.lines()) {
      documents.merge(
          line.key().taxType(), new NoteAmount(line.supply(), line.vat()), NoteAmount::plus);
    }
    return documents;
  }

  /** The key of a line that corrects lines of this one. */
  public static Key correcting(Key key) {
    return new Key(
        key.project(),
        key.item(),
        key.version(),
        key.taxType(),
        LineCategory.CORRECTION,
        key.originalMonth());
  }
}
