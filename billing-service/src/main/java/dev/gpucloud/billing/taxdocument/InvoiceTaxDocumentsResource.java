package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.kit.idempotency.Idempotency;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The tax documents of one issued invoice: the original and what amends it. */
@Path("/api/v1/finance/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class InvoiceTaxDocumentsResource {
  private final TaxDocumentService service;

  InvoiceTaxDocumentsResource(TaxDocumentService service) {
    this.service = service;
  }

  @GET
  @Path("/{invoice}/tax-documents")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "List an invoice's tax documents",
      description = "With the day by which the original is due, and warnings when it is near.")
  @APIResponse(responseCode = "200", description = "The original first, then what amends it.")
  public Uni<TaxDocumentView.All> listTaxDocuments(@PathParam("invoice") String invoice) {
    return service.list(invoice);
  }

  @POST
  @Path("/{invoice}/tax-documents")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Make the tax document of an issued invoice, or amend it",
      description =
          "Without a reason the original. Reason 1 takes it back and puts the items in its place, 2"
              + " changes the supply value by a difference on a day, 4 takes it back on the day on"
              + " which the contract ended, 6 takes a double back.")
  @APIResponse(
      responseCode = "201",
      description = "What was made, in the order of transmission.",
      content = @Content(schema = @Schema(implementation = TaxDocumentView.All.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "ALREADY_EXISTS: there is the original; STATE_CONFLICT: there is none to amend yet, or it"
              + " was taken back.")
  public Uni<Response> createTaxDocument(
      @PathParam("invoice") String invoice,
      @NotNull(message = "is missing") @Valid CreateTaxDocumentRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    return service.create(invoice, body, key);
  }
}
