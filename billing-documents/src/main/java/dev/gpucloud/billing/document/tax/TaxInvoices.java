package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.document.tax.TaxInvoice.Purpose;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the tax documents of an issued invoice: one, or one for each tax type of its lines. */
public final class TaxInvoices {
  private static final int QUANTITY_DECIMALS = 3;

  private TaxInvoices() {}

  /**
   * The documents of an invoice, the first under the invoice's number and others under {@link
   * TaxKeys}: an item per line, or per SKU if there are more than 99. They ask for payment unless
   * prepaid credits paid all of it. Lines that are no supply, or come to 0 won, stand on none.
   */
  public static Outcome of(IssuedInvoice invoice) {
    SortedMap<TaxType, List<InvoiceLine>> types = documented(invoice);
    if (types.isEmpty()) {
      return new Outcome.Refused(
          List.of(
              new Violation(
                  "/supplyValue", "comes to 0 won: of nothing there is no tax document")));
    }
    List<TaxInvoice> documents =
        types.keySet().stream()
            .map(
                type ->
                    document(
                        invoice,
                        type.equals(types.firstKey())
                            ? invoice.number()
                            : TaxKeys.of(invoice.number(), type),
                        type,
                        types.get(type)))
            .toList();
    return checked(documents);
  }

  private static Outcome checked(List<TaxInvoice> documents) {
    return Outcome.of(
        documents,
        documents.stream().flatMap(d -> TaxRules.violations(d).stream()).distinct().toList());
  }

  private static SortedMap<TaxType, List<InvoiceLine>> documented(IssuedInvoice invoice) {
    SortedMap<TaxType, List<InvoiceLine>> types = invoice.linesByTaxType();
    if (types.size() > 1) {
      types.remove(TaxType.OUT_OF_SCOPE);
    }
    types.values().removeIf(lines -> !lines.isEmpty() && isNothing(lines));
    return types;
  }

  private static boolean isNothing(List<InvoiceLine> lines) {
    return sum(lines, InvoiceLine::supply).equals(Won.ZERO)
        && sum(lines, InvoiceLine::vat).equals(Won.ZERO);
  }

  /** The tax types of an invoice of which there is something to document; no supply has none. */
  public static Set<TaxType> types(IssuedInvoice invoice) {
    SortedMap<TaxType, List<InvoiceLine>> types = documented(invoice);
    types.values().removeIf(List::isEmpty);
    types.remove(TaxType.OUT_OF_SCOPE);
    return types.keySet();
  }

  /**
   * The document of a tax type that the invoice has none of, as a correction makes it: the right
   * one, issued late, with the invoice's write date.
   */
  public static Outcome late(IssuedInvoice invoice, TaxType type, List<TaxItem> items) {
    boolean isFirst = types(invoice).isEmpty() && type == invoice.linesByTaxType().firstKey();
    return checked(
        List.of(
            new TaxInvoice(
                isFirst ? invoice.number() : TaxKeys.of(invoice.number(), type),
                type,
                Purpose.CLAIM,
                invoice.writeDate(),
                invoice.supplier(),
                invoice.recipient(),
                items.stream().map(TaxItem::supplyValue).reduce(Won.ZERO, Won::plus),
                items.stream().map(TaxItem::vat).reduce(Won.ZERO, Won::plus),
                items,
                false,
                null)));
  }

  private static TaxInvoice document(
      IssuedInvoice invoice, String key, TaxType type, List<InvoiceLine> lines) {
    boolean isLong = lines.size() > TaxRules.MOST_ITEMS;
    boolean isWhole = lines.size() == invoice.lines().size();
    return new TaxInvoice(
        key,
        type,
        invoice.due().equals(Won.ZERO) ? Purpose.RECEIPT : Purpose.CLAIM,
        invoice.writeDate(),
        invoice.supplier(),
        invoice.recipient(),
        isWhole ? invoice.supplyValue() : sum(lines, InvoiceLine::supply),
        isWhole ? invoice.vat() : sum(lines, InvoiceLine::vat),
        isLong ? itemsBySku(invoice, lines) : items(invoice, lines),
        isLong,
        null);
  }

  private static Won sum(List<InvoiceLine> lines, Function<InvoiceLine, Won> amount) {
    return lines.stream().map(amount).reduce(Won.ZERO, Won::plus);
  }

  private static List<TaxItem> items(IssuedInvoice invoice, List<InvoiceLine> lines) {
    return lines.stream().map(line -> item(invoice, line)).toList();
  }

  private static TaxItem item(IssuedInvoice invoice, InvoiceLine line) {
    Project project = line.project();
    boolean isLate = !line.originalMonth().equals(invoice.month());
    return new TaxItem(
        invoice.writeDate(),
        line.koreanDescription(),
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

  private static List<TaxItem> itemsBySku(IssuedInvoice invoice, List<InvoiceLine> lines) {
    Map<String, SkuSum> sums = new LinkedHashMap<>();
    for (InvoiceLine line : lines) {
      var sum = new SkuSum(line.koreanDescription(), line.quantity(), line.supply(), line.vat(), 1);
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
