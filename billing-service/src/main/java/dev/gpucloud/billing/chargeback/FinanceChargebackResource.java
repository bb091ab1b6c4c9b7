package dev.gpucloud.billing.chargeback;

import dev.gpucloud.billing.document.breakdown.Breakdown.By;
import dev.gpucloud.billing.download.IssuedInvoices;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Issued invoices by who bears them, for finance. */
@Path("/api/v1/finance/invoices/{invoice}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceChargebackResource {
  private final Transactions transactions;
  private final IssuedInvoices invoices;

  FinanceChargebackResource(Transactions transactions, IssuedInvoices invoices) {
    this.transactions = transactions;
    this.invoices = invoices;
  }

  @GET
  @Path("/breakdown")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Break an issued invoice down by project, SKU or cost centre")
  @APIResponse(responseCode = "200", description = "The parts; they sum to its amounts.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is not issued.")
  public Uni<BreakdownView> breakInvoiceDown(
      @PathParam("invoice") String invoice,
      @QueryParam("by")
          @Parameter(description = "project (default), sku (consolidated) or cost-center.")
          @Nullable String by) {
    By of = BreakdownParameters.by(by);
    return transactions
        .asPlatform(s -> invoices.load(s, invoice, null))
        .map(issued -> BreakdownView.of(issued, of));
  }

  @GET
  @Path("/chargeback-statement")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show the statement of cost of a COST_SHARE or SHOWBACK account's month")
  @APIResponse(responseCode = "200", description = "The statement, without VAT.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is a supply, or not issued.")
  public Uni<ChargebackView> showChargebackStatement(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(s -> invoices.load(s, invoice, null)).map(ChargebackView::of);
  }
}
