package dev.gpucloud.billing.chargeback;

import dev.gpucloud.billing.document.breakdown.Breakdown;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.ProblemType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A statement of cost that is passed on or only reported: no supply, so no VAT and no tax document.
 */
@Schema(name = "ChargebackStatement")
record ChargebackView(
    String id,
    String number,
    String month,
    @Schema(enumeration = {"COST_SHARE", "SHOWBACK"}) String mode,
    @Schema(description = "False: the statement is not a supply and has no tax document.")
        boolean supply,
    @Schema(description = "False for SHOWBACK: the statement only reports.") boolean owed,
    PartyView operator,
    PartyView recipient,
    Instant issuedAt,
    LocalDate writeDate,
    List<CostView> projects,
    List<CostView> costCenters,
    List<CostView> skus,
    Money total) {

  /** A legal entity. */
  @Schema(name = "ChargebackParty")
  record PartyView(String name, String businessNumber) {}

  /** What a project, a cost centre or an SKU costs; the key is empty for what has none. */
  @Schema(name = "ChargebackCost")
  record CostView(String key, String hours, Money cost) {
    static CostView of(Breakdown.Part p) {
      return new CostView(p.key(), p.hours().toDecimal12(), Money.krw(p.supply().amount()));
    }
  }

  /** The statement; refuses what is a supply. */
  static ChargebackView of(IssuedInvoice invoice) {
    if (invoice.mode().taxType() != TaxType.OUT_OF_SCOPE) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "An invoice of mode "
                  + invoice.mode()
                  + " is a supply: take its documents, or its breakdown.")
          .with("mode", invoice.mode().name());
    }
    return new ChargebackView(
        invoice.id(),
        invoice.number(),
        invoice.month().toString(),
        invoice.mode().name(),
        false,
        invoice.dueDate() != null,
        new PartyView(invoice.supplier().name(), invoice.supplier().businessNumber()),
        new PartyView(invoice.recipient().name(), invoice.recipient().businessNumber()),
        invoice.issuedAt(),
        invoice.writeDate(),
        costs(invoice, Breakdown.By.PROJECT),
        costs(invoice, Breakdown.By.COST_CENTER),
        costs(invoice, Breakdown.By.SKU),
        Money.krw(invoice.total().amount()));
  }

  private static List<CostView> costs(IssuedInvoice invoice, Breakdown.By by) {
    return Breakdown.of(invoice, by).parts().stream().map(CostView::of).toList();
  }
}
