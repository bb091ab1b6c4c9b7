package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.document.tax.TaxInvoice.Purpose;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the one consolidated tax document of an issued invoice. */
public final class TaxInvoices {
  private static final int QUANTITY_DECIMALS = 3;

  private TaxInvoices() {}

  /**
   * The document of an invoice, under the invoice's number: an item per line, or per SKU if there
   * are more than 99. It asks for payment unless prepaid credits paid all of it.
   */
  public static Outcome of(IssuedInvoice invoice) {
    boolean isLong = invoice.lines().size() > TaxRules.MOST_ITEMS;
    var document =
        new TaxInvoice(
            invoice.number(),
            invoice.taxType(),
            invoice.due().equals(Won.ZERO) ? Purpose.RECEIPT : Purpose.CLAIM,
            invoice.writeDate(),
            invoice.supplier(),
            invoice.recipient(),
            invoice.supplyValue(),
            invoice.vat(),
            isLong ? itemsBySku(invoice) : items(invoice),
            isLong,
            null);
    return Outcome.of(List.of(document), TaxRules.violations(document));
  }

  private static List<TaxItem> items(IssuedInvoice invoice) {
    return invoice.lines().stream().map(line -> item(invoice, line)).toList();
  }

  private static TaxItem item(IssuedInvoice invoice, InvoiceLine line) {
    Project project = line.project();
    boolean isLate = !line.originalMonth().equals(invoice.month());
    return new TaxItem(
        invoice.writeDate(),
        line.description(),
        line.sku(),
        quantity(line),
        null,
        line.supply(),
        line.vat(),
        isLate ? line.originalMonth().toString() : project == null ? null : project.name());
  }

  private static @Nullable String quantity(InvoiceLine line) {
    return line.quantity().isZero() ? null : plain(line.quantity());
  }

  private static String plain(Rational quantity) {
    BigDecimal rounded =
        new BigDecimal(quantity.toDecimal12())
            .setScale(QUANTITY_DECIMALS, RoundingMode.HALF_UP)
            .stripTrailingZeros();
    return (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString();
  }

  /** What an SKU comes to over all lines. */
  private record SkuSum(String name, Rational quantity, Won supply, Won vat, int lines) {
    SkuSum plus(SkuSum o) {
      return new SkuSum(
          name, quantity.add(o.quantity), supply.plus(o.supply), vat.plus(o.vat), lines + o.lines);
    }
  }

  private static List<TaxItem> itemsBySku(IssuedInvoice invoice) {
    Map<String, SkuSum> sums = new LinkedHashMap<>();
    for (InvoiceLine line : invoice.lines()) {
      var sum = new SkuSum(line.description(), line.quantity(), line.supply(), line.vat(), 1);
      sums.merge(line.sku(), sum, SkuSum::plus);
    }
    var items = new ArrayList<TaxItem>();
    sums.forEach(
        (sku, sum) ->
            items.add(
                new TaxItem(
                    invoice.writeDate(),
                    sum.name(),
                    sku,
                    sum.quantity().isZero() ? null : plain(sum.quantity()),
                    null,
                    sum.supply(),
                    sum.vat(),
                    lines(sum.lines()))));
    return items.size() > TaxRules.MOST_ITEMS ? withRest(items) : items;
  }

  private static String lines(int count) {
    return "내역 " + count + "건 별첨";
  }

  /** More SKUs than there is room for: the last item stands for all that are left. */
  private static List<TaxItem> withRest(List<TaxItem> items) {
    int kept = TaxRules.MOST_ITEMS - 1;
    List<TaxItem> rest = items.subList(kept, items.size());
    var result = new ArrayList<>(items.subList(0, kept));
    result.add(
        new TaxItem(
            rest.getFirst().date(),
            rest.getFirst().name() + " 외 " + (rest.size() - 1) + "종",
            null,
            null,
            null,
            rest.stream().map(TaxItem::supplyValue).reduce(Won.ZERO, Won::plus),
            rest.stream().map(TaxItem::vat).reduce(Won.ZERO, Won::plus),
            "내역 별첨"));
    return result;
  }
}
