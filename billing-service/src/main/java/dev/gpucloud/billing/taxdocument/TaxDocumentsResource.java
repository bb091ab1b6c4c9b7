package dev.gpucloud.billing.taxdocument;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What becomes of tax documents on their way to the tax office. */
@Path("/api/v1/finance/tax-documents")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class TaxDocumentsResource {
  private final TaxDocumentService service;

  TaxDocumentsResource(TaxDocumentService service) {
    this.service = service;
  }

  /** What the tax office answered to a document that it accepted. */
  @Schema(
      name = "AcceptTaxDocumentRequest",
      examples =
          """
          {"approvalNumber": "202611240000000000000001"}""")
  record AcceptRequest(
      @NotNull(message = "is missing")
          @Pattern(regexp = "[0-9]{24}", message = "must be the 24 digits of the tax office")
          @Nullable String approvalNumber) {}

  /** Why the tax office refused a document. */
  @Schema(
      name = "RejectTaxDocumentRequest",
      examples =
          """
          {"reason": "The e-mail address of the buyer is unknown."}""")
  record RejectRequest(@NotBlank(message = "says why") @Size(max = 1000) @Nullable String reason) {}

  @POST
  @Path("/{key}/transmit")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed("finance")
  @Operation(
      summary = "Hand a tax document over to the tax office",
      description = "The provider knows each key once, so repeating this sends nothing twice.")
  @APIResponse(responseCode = "200", description = "What became of it.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is on its way already.")
  public Uni<TaxDocumentView> transmit(@PathParam("key") String key) {
    return service.transmit(key);
  }

  @POST
  @Path("/{key}/accept")
  @RolesAllowed("finance")
  @Operation(summary = "Note that the tax office accepted a tax document")
  @APIResponse(responseCode = "200", description = "It is accepted, for good.")
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: it is not on its way; ALREADY_EXISTS: the number is known.")
  public Uni<TaxDocumentView> accept(
      @PathParam("key") String key, @NotNull(message = "is missing") @Valid AcceptRequest body) {
    return service.accept(key, String.valueOf(body.approvalNumber()));
  }

  @POST
  @Path("/{key}/reject")
  @RolesAllowed("finance")
  @Operation(
      summary = "Note that the tax office refused a tax document",
      description = "It may be transmitted again.")
  @APIResponse(responseCode = "200", description = "It is rejected.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is not on its way.")
  public Uni<TaxDocumentView> reject(
      @PathParam("key") String key, @NotNull(message = "is missing") @Valid RejectRequest body) {
    return service.reject(key, String.valueOf(body.reason()));
  }
}
