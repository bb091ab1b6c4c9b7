package dev.gpucloud.billing.chargeback;

import dev.gpucloud.billing.document.breakdown.Breakdown;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.contracts.money.Money;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An issued invoice by project, SKU or cost centre; the parts sum to its amounts. */
@Schema(name = "InvoiceBreakdown")
record BreakdownView(
    String id,
    String number,
    String month,
    @Schema(enumeration = {"PROJECT", "SKU", "COST_CENTER"}) String by,
    List<PartView> parts,
    Money supplyValue,
    Money vat,
    Money total) {

  /** A part; the key is empty for what has no project or cost centre. */
  @Schema(name = "InvoiceBreakdownPart")
  record PartView(
      String key,
      @Schema(description = "GPU-hours or instance-hours.") String hours,
      Money supplyValue,
      Money vat,
      Money total) {
    static PartView of(Breakdown.Part p) {
      return new PartView(
          p.key(),
          p.hours().toDecimal12(),
          Money.krw(p.supply().amount()),
          Money.krw(p.vat().amount()),
          Money.krw(p.total().amount()));
    }
  }

  static BreakdownView of(IssuedInvoice invoice, Breakdown.By by) {
    return new BreakdownView(
        invoice.id(),
        invoice.number(),
        invoice.month().toString(),
        by.name(),
        Breakdown.of(invoice, by).parts().stream().map(PartView::of).toList(),
        Money.krw(invoice.supplyValue().amount()),
        Money.krw(invoice.vat().amount()),
        Money.krw(invoice.total().amount()));
  }
}
