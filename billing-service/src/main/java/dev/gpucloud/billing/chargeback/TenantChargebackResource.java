package dev.gpucloud.billing.chargeback;

import dev.gpucloud.billing.document.breakdown.Breakdown.By;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.download.IssuedInvoices;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
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

/** A tenant's issued invoices by which of its projects and cost centres bear them. */
@Path("/api/v1/tenants/{tenant}/invoices/{invoice}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "invoices")
class TenantChargebackResource {
  private final Transactions transactions;
  private final IssuedInvoices invoices;
  private final Caller caller;

  TenantChargebackResource(Transactions transactions, IssuedInvoices invoices, Caller caller) {
    this.transactions = transactions;
    this.invoices = invoices;
    this.caller = caller;
  }

  @GET
  @Path("/breakdown")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(summary = "Break an issued invoice down by project, SKU or cost centre")
  @APIResponse(responseCode = "200", description = "The parts; they sum to its amounts.")
  public Uni<BreakdownView> breakTenantInvoiceDown(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @QueryParam("by")
          @Parameter(description = "project (default), sku (consolidated) or cost-center.")
          @Nullable String by) {
    By of = BreakdownParameters.by(by);
    return load(invoice).map(issued -> BreakdownView.of(issued, of));
  }

  @GET
  @Path("/chargeback-statement")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(summary = "Show the statement of cost of a COST_SHARE or SHOWBACK month")
  @APIResponse(responseCode = "200", description = "The statement, without VAT.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is a supply.")
  public Uni<ChargebackView> showTenantChargebackStatement(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice) {
    return load(invoice).map(ChargebackView::of);
  }

  private Uni<IssuedInvoice> load(String invoice) {
    var tenant = caller.scope().tenantId();
    return transactions.asTenant(tenant, s -> invoices.loadPart(s, invoice, tenant.value()));
  }
}
