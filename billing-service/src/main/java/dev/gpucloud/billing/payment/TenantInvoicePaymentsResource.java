package dev.gpucloud.billing.payment;

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
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was paid of an invoice, for who owes it. */
@Path("/api/v1/tenants/{tenant}/invoices/{invoice}/payments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class TenantInvoicePaymentsResource {
  private final Transactions transactions;
  private final InvoiceStanding standing;
  private final Caller caller;

  TenantInvoicePaymentsResource(
      Transactions transactions, InvoiceStanding standing, Caller caller) {
    this.transactions = transactions;
    this.standing = standing;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(summary = "What was paid of an invoice, and until when the rest is to be paid")
  @APIResponse(
      responseCode = "200",
      description = "Its payment state.",
      content = @Content(schema = @Schema(implementation = InvoicePaymentsView.class)))
  public Uni<InvoicePaymentsView> paymentsOfOwnInvoice(
      @PathParam("tenant") String tenant, @PathParam("invoice") String invoice) {
    var reader = caller.scope().tenantId();
    return transactions.asTenant(reader, s -> standing.of(s, invoice, reader.value()));
  }
}
