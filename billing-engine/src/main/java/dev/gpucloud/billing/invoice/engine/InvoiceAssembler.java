package dev.gpucloud.billing.invoice.engine;

import dev.gpucloud.billing.rating.engine.CreditEngine.CreditedRow;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Puts exact rows together into lines in whole won, and lines into a document (R2 to R5). */
public final class InvoiceAssembler {
  /** Stored on each invoice, so that the policy can change without changing old invoices. */
  public static final String ROUNDING_POLICY = "v1";

  private static final Comparator<CreditedRow> BY_INSTANCE =
      Comparator.<CreditedRow, String>comparing(r -> r.row().instanceId().toString())
          .thenComparing(CreditedRow::row, RatedRow.BY_USAGE_TIME);

  private InvoiceAssembler() {}

  /** Assembles usage of one month; the order of the rows does not matter. */
  public static DraftInvoice assemble(
      Collection<CreditedRow> rows, BillingMonth month, TaxType taxType) {
    var byKey = new TreeMap<LineKey, List<CreditedRow>>();
    for (CreditedRow row : rows) {
      byKey.computeIfAbsent(keyOf(row.row(), month, taxType), k -> new ArrayList<>()).add(row);
    }
    var exact = byKey.values().stream().map(InvoiceAssembler::sum).toList();
    List<Won> amounts = exact.stream().map(e -> new Won(e.roundHalfUpToLong())).toList();
    Won supply = amounts.stream().reduce(Won.ZERO, Won::plus);
    Won vat = Vat.of(supply, taxType);
    List<Won> vats =
        taxType == TaxType.TAXED
            ? Vat.ofItems(amounts, vat)
            : amounts.stream().map(a -> Won.ZERO).toList();
    var lines = new ArrayList<DraftLine>();
    for (var entry : byKey.entrySet()) {
      int i = lines.size();
      lines.add(line(i + 1, entry.getKey(), entry.getValue(), exact.get(i), vats.get(i)));
    }
    return new DraftInvoice(List.copyOf(lines), supply, vat, supply.plus(vat));
  }

  private static LineKey keyOf(RatedRow row, BillingMonth month, TaxType taxType) {
    return new LineKey(
        row.scope().projectId(),
        row.price().sku(),
        row.price().lineVersion(),
        taxType,
        LineCategory.USAGE,
        month);
  }

  private static Rational sum(List<CreditedRow> rows) {
    return rows.stream().map(CreditedRow::netAmount).reduce(Rational.ZERO, Rational::add);
  }

  private static DraftLine line(
      int number, LineKey key, List<CreditedRow> rows, Rational exact, Won vat) {
    Won amount = new Won(exact.roundHalfUpToLong());
    Rational quantity =
        rows.stream().map(r -> r.row().quantityHours()).reduce(Rational.ZERO, Rational::add);
    return new DraftLine(
        number,
        key,
        quantity,
        exact,
        Rational.of(amount.amount()).subtract(exact),
        amount,
        vat,
        rows.stream().sorted(BY_INSTANCE).toList());
  }
}
