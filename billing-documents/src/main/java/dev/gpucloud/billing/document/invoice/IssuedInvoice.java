package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An issued invoice, as it was stored: every document is written from this alone, and none computes
 * an amount again. {@code total = supplyValue + vat}; what is due is the total less what prepaid
 * credits paid.
 */
public record IssuedInvoice(
    String id,
    String number,
    BillingMonth month,
    Instant issuedAt,
    LocalDate writeDate,
    @Nullable LocalDate dueDate,
    BillingMode mode,
    boolean pricesIncludeVat,
    Party supplier,
    String accountId,
    Party recipient,
    List<InvoiceLine> lines,
    Won supplyValue,
    Won vat,
    Won total,
    List<PromotionalCredit> credits,
    List<PrepaidPayment> payments) {

  private static final Comparator<InvoiceLine> BY_PROJECT_AND_SKU =
      Comparator.<InvoiceLine, String>comparing(l -> l.project() == null ? "" : projectName(l))
          .thenComparing(InvoiceLine::sku)
          .thenComparingInt(InvoiceLine::number);

  public IssuedInvoice {
    lines = List.copyOf(lines);
    credits = List.copyOf(credits);
    payments = List.copyOf(payments);
  }

  private static String projectName(InvoiceLine line) {
    Project project = line.project();
    return project == null ? "" : project.name();
  }

  /** What prepaid credits paid. */
  public Won prepaid() {
    return payments.stream().map(PrepaidPayment::paid).reduce(Won.ZERO, Won::plus);
  }

  /** What is left to pay: nothing of a report. */
  public Won due() {
    return mode.isOwed() ? total.minus(prepaid()) : Won.ZERO;
  }

  /**
   * The lines of each tax type, of which each bears its own VAT. A correction of an earlier month
   * keeps the type of that month.
   */
  public SortedMap<TaxType, List<InvoiceLine>> linesByTaxType() {
    var types = new TreeMap<TaxType, List<InvoiceLine>>();
    lines.forEach(l -> types.computeIfAbsent(l.taxType(), t -> new ArrayList<>()).add(l));
    if (types.isEmpty()) {
      types.put(mode.taxType(), List.of());
    }
    return types;
  }

  /** The lines of each project by SKU; the account's own lines first, under an empty name. */
  public Map<String, List<InvoiceLine>> linesByProject() {
    var groups = new LinkedHashMap<String, List<InvoiceLine>>();
    lines.stream()
        .sorted(BY_PROJECT_AND_SKU)
        .forEach(l -> groups.computeIfAbsent(projectName(l), name -> new ArrayList<>()).add(l));
    return groups;
  }
}
