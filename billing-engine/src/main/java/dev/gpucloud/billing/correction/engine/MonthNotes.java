package dev.gpucloud.billing.correction.engine;

import dev.gpucloud.billing.correction.engine.TaxDocument.Kind;
import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Documents that give back of months that were issued: what was promised, or all of one. There is
 * none of 0 won, and none of what is no supply.
 */
public final class MonthNotes {
  private final ClosedMonths months;

  public MonthNotes(ClosedMonths months) {
    this.months = months;
  }

  /** Credits of a month come to more than was billed for it. */
  public static final class CreditBeyondBilledException extends IllegalArgumentException {
    private final SlaCredit credit;

    private CreditBeyondBilledException(SlaCredit credit, Won all, Won billed) {
      super(
          "with %s the credits of %s come to %d won, but %d won were billed"
              .formatted(credit.id(), credit.month(), all.amount(), billed.amount()));
      this.credit = credit;
    }

    /** The credit with which it is too much. */
    public SlaCredit credit() {
      return credit;
    }
  }

  /**
   * The credit notes written in {@code open}; VAT counts all credits against a document (R7).
   *
   * @throws CreditBeyondBilledException when one of them credits more than was billed
   */
  public List<TaxDocument> creditNotes(
      Collection<SlaCredit> credits, BillingMonth open, Instant now) {
    var notes = new ArrayList<TaxDocument>();
    var creditedBefore = new HashMap<Credited, Won>();
    for (SlaCredit credit : credits.stream().sorted(SlaCredit.ORDER).toList()) {
      if (monthOf(credit.grantedOn()).compareTo(open) > 0) {
        break;
      }
      Statement original = months.documented(credit.month(), open, now);
      supplies(credit, original)
          .forEach(
              (taxType, supply) -> {
                var credited = new Credited(credit.month(), taxType);
                Won before = creditedBefore.getOrDefault(credited, Won.ZERO);
                Won all = before.plus(supply);
                creditedBefore.put(credited, all);
                if (monthOf(credit.grantedOn()).equals(open)) {
                  Won billed = billed(original, line -> line.key().taxType() == taxType);
                  if (all.compareTo(billed) > 0) {
                    throw new CreditBeyondBilledException(credit, all, billed);
                  }
                  NoteAmount document =
                      MonthCharge.documents(original).getOrDefault(taxType, NoteAmount.NOTHING);
                  notes.add(
                      note(
                          credit,
                          taxType,
                          NoteAmount.difference(
                              document, before.negate(), supply.negate(), taxType)));
                }
              });
    }
    return taxed(notes);
  }

  /** What VAT of credits is counted by (R7). */
  private record Credited(BillingMonth month, TaxType taxType) {}

  private static TaxDocument note(SlaCredit credit, TaxType type, NoteAmount change) {
    return new TaxDocument(
        Kind.CREDIT_NOTE,
        Reason.SUPPLY_VALUE_CHANGE,
        credit.month(),
        credit.grantedOn(),
        type,
        change.supplyValue(),
        change.vat());
  }

  /** What is credited of each tax type: of what it was billed, or the amount that was promised. */
  private static Map<TaxType, Won> supplies(SlaCredit credit, Statement original) {
    Predicate<StatementLine> concerned =
        line -> credit.sku() == null || line.key().item().equals(credit.sku());
    Won amount = credit.amount();
    if (amount != null) {
      TaxType given = credit.taxType();
      return Map.of(given == null ? typeOf(original, concerned) : given, amount);
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

  /** The documents of {@code open} that take back a whole document, as it was stored (R8). */
  public List<TaxDocument> takenBack(
      Collection<TakeBack> takeBacks, BillingMonth open, Instant now) {
    var documents = new ArrayList<TaxDocument>();
    for (TakeBack back : takeBacks) {
      if (monthOf(back.on()).equals(open)) {
        Statement original = months.documented(back.month(), open, now);
        MonthCharge.documents(original)
            .forEach((type, had) -> documents.add(takenBack(back, type, had)));
      }
    }
    return taxed(documents);
  }

  private static List<TaxDocument> taxed(List<TaxDocument> documents) {
    return documents.stream()
        .filter(d -> d.taxType() != TaxType.OUT_OF_SCOPE)
        .filter(d -> !d.supplyValue().equals(Won.ZERO) || !d.vat().equals(Won.ZERO))
        .toList();
  }

  private static TaxDocument takenBack(TakeBack back, TaxType type, NoteAmount had) {
    return new TaxDocument(
        Kind.REVERSAL,
        back.amendment(),
        back.month(),
        back.writeDate(TaxDocument.lastDay(back.month())),
        type,
        had.supplyValue().negate(),
        had.vat().negate());
  }

  private static BillingMonth monthOf(LocalDate day) {
    return BillingMonth.of(day.atStartOfDay(BillingMonth.ZONE).toInstant());
  }
}
