package dev.gpucloud.billing.payment;

import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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

/** What was paid of an invoice, for finance. */
@Path("/api/v1/finance/invoices/{invoice}/payments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class InvoicePaymentsResource {
  private final Transactions transactions;
  private final InvoiceStanding standing;

  InvoicePaymentsResource(Transactions transactions, InvoiceStanding standing) {
    this.transactions = transactions;
    this.standing = standing;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "What was paid of an issued invoice, by id or number")
  @APIResponse(
      responseCode = "200",
      description = "Its payment state.",
      content = @Content(schema = @Schema(implementation = InvoicePaymentsView.class)))
  public Uni<InvoicePaymentsView> paymentsOfInvoice(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(s -> standing.of(s, invoice));
  }
}
