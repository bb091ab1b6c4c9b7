package dev.gpucloud.billing.close;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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

/** What stands between an account's month and its invoice. */
@Path("/api/v1/finance/billing-months/{month}/accounts/{account}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close", description = "The monthly close: checklists, waivers, progress.")
class ChecklistsResource {
  private final Checklists checklists;
  private final WaiverService service;

  ChecklistsResource(Checklists checklists, WaiverService service) {
    this.checklists = checklists;
    this.service = service;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show the close checklist of an account's month")
  public Uni<ChecklistView> showChecklist(
      @PathParam("month") String month, @PathParam("account") String account) {
    BillingMonth of = CloseParameters.month(month);
    return service
        .account(CloseParameters.account(account))
        .chain(
            found -> checklists.of(found, of, true).map(list -> ChecklistView.of(found, of, list)));
  }

  @POST
  @Path("/waivers")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(
      summary = "Propose to let a blocking finding pass",
      description = "It counts once a second person has confirmed it.")
  @APIResponse(
      responseCode = "201",
      description = "Proposed; ETag is its version.",
      content = @Content(schema = @Schema(implementation = Waiver.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: a waiver of this finding stands already.")
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: the checklist has no such blocking finding.")
  public Uni<Response> proposeCloseWaiver(
      @PathParam("month") String month,
      @PathParam("account") String account,
      @Nullable ProposeWaiverRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    return service.propose(
        CloseParameters.account(account), CloseParameters.month(month), body, key);
  }
}
