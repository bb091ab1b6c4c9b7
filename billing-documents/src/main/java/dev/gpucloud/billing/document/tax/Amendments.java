package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.correction.engine.NoteAmount;
import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import dev.gpucloud.contracts.money.Won;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Amends a document that was transmitted, which nothing else may change. Minus documents mirror the
 * stored VAT of their original (R8). {@code ordinal} counts the amendments of an original from 1.
 */
public final class Amendments {
  private final TaxInvoice original;
  private final @Nullable String approvalNumber;
  private final int ordinal;

  public Amendments(TaxInvoice original, @Nullable String approvalNumber, int ordinal) {
    this.original = original;
    this.approvalNumber = approvalNumber;
    this.ordinal = ordinal;
  }

  /**
   * Reason 1: the original taken back and the right one, both with the original write date. Of 0
   * won nothing is taken back, and nothing is put in the place of what comes to 0 won.
   */
  public Outcome entryError(TaxInvoice right) {
    if (isNothing(original)) {
      return replacement(right);
    }
    TaxInvoice minus = minus(Reason.ENTRY_ERROR, original.writeDate());
    return checked(isNothing(right) ? List.of(minus) : List.of(minus, inPlace(right)), List.of());
  }

  /** Reason 1 where nothing stands that could be taken back: the right one alone. */
  public Outcome replacement(TaxInvoice right) {
    return checked(List.of(inPlace(right)), List.of());
  }

  private static boolean isNothing(TaxInvoice document) {
    return document.supplyValue().equals(Won.ZERO) && document.vat().equals(Won.ZERO);
  }

  private TaxInvoice inPlace(TaxInvoice right) {
    return new TaxInvoice(
        key('P'),
        right.taxType(),
        right.purpose(),
        original.writeDate(),
        right.supplier(),
        right.recipient(),
        right.supplyValue(),
        right.vat(),
        right.items(),
        right.hasDetail(),
        amendment(Reason.ENTRY_ERROR));
  }

  /**
   * Reason 2: the difference, on the day of the change. VAT counts all changes of the original so
   * far ({@code changedBefore}, of supply value), so that ten small ones come to one large one
   * (R7); what takes back all of it takes all of its VAT.
   */
  public Outcome supplyValueChange(Won difference, Won changedBefore, LocalDate day, String name) {
    var found = new ArrayList<Violation>();
    if (difference.equals(Won.ZERO)) {
      found.add(new Violation("/supplyValue", "must not be 0"));
    }
    Won left = original.supplyValue().plus(changedBefore).plus(difference);
    if (Long.signum(left.amount()) * Long.signum(original.supplyValue().amount()) < 0) {
      Won most = original.supplyValue().plus(changedBefore);
      found.add(
          new Violation(
              "/supplyValue", "takes back more than is left of the original, " + most.amount()));
    }
    refuseBefore(found, day);
    Won vat =
        NoteAmount.difference(
                new NoteAmount(original.supplyValue(), original.vat()),
                changedBefore,
                difference,
                original.taxType())
            .vat();
    var item = new TaxItem(day, name, null, null, null, difference, vat, null);
    return checked(
        List.of(document('D', Reason.SUPPLY_VALUE_CHANGE, day, difference, vat, List.of(item))),
        found);
  }

  /** Reason 4: the original taken back on the day on which the contract ended. */
  public Outcome contractRescinded(LocalDate day) {
    var found = new ArrayList<Violation>();
    refuseBefore(found, day);
    return checked(List.of(minus(Reason.CONTRACT_RESCINDED, day)), found);
  }

  /** Reason 6: the second of two documents for one supply taken back, with its write date. */
  public Outcome doubleIssue() {
    return checked(List.of(minus(Reason.DOUBLE_ISSUE, original.writeDate())), List.of());
  }

  private void refuseBefore(List<Violation> found, LocalDate day) {
    if (day.isBefore(original.writeDate())) {
      found.add(
          new Violation("/day", "is before the original's write date, " + original.writeDate()));
    }
  }

  private static Outcome checked(List<TaxInvoice> documents, List<Violation> found) {
    var all = new ArrayList<>(found);
    documents.forEach(d -> all.addAll(TaxRules.violations(d)));
    return Outcome.of(documents, all.stream().distinct().toList());
  }

  private TaxInvoice minus(Reason reason, LocalDate writeDate) {
    return document(
        'M',
        reason,
        writeDate,
        original.supplyValue().negate(),
        original.vat().negate(),
        original.items().stream().map(TaxItem::negated).toList());
  }

  private TaxInvoice document(
      char kind, Reason reason, LocalDate writeDate, Won supply, Won vat, List<TaxItem> items) {
    return new TaxInvoice(
        key(kind),
        original.taxType(),
        original.purpose(),
        writeDate,
        original.supplier(),
        original.recipient(),
        supply,
        vat,
        items,
        original.hasDetail(),
        amendment(reason));
  }

  private Amendment amendment(Reason reason) {
    return new Amendment(reason, original.key(), approvalNumber);
  }

  private String key(char kind) {
    return TaxKeys.amending(original.key(), kind, ordinal);
  }
}
