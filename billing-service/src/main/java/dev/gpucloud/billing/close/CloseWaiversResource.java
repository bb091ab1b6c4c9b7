package dev.gpucloud.billing.close;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Waivers of the close checklist, and what a second person says to them. */
@Path("/api/v1/finance/close-waivers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close")
class CloseWaiversResource {
  private static final List<String> STATES = List.of("PROPOSED", "CONFIRMED", "REJECTED");

  private final Transactions transactions;
  private final WaiverRepository waivers;
  private final WaiverService service;

  CloseWaiversResource(Transactions transactions, WaiverRepository waivers, WaiverService service) {
    this.transactions = transactions;
    this.waivers = waivers;
    this.service = service;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List waivers of the close checklist, newest first")
  public Uni<Page<Waiver>> listCloseWaivers(
      @QueryParam("account") @Nullable String account,
      @QueryParam("month") @Nullable String month,
      @QueryParam("state") @Nullable String state,
      @BeanParam PageRequest page) {
    if (state != null && !STATES.contains(state)) {
      throw ProblemType.INVALID_PARAMETER
          .because("There is no such state.")
          .at("state", "must be one of " + STATES);
    }
    var filter =
        new WaiverRepository.Filter(
            account == null ? null : CloseParameters.account(account),
            month == null ? null : CloseParameters.month(month).toString(),
            state);
    UUID after = CloseParameters.after(page.after().get("id"));
    return transactions
        .asPlatform(s -> waivers.list(s, filter, after, page.limit()))
        .map(found -> page.page(found, w -> w, w -> Map.of("id", w.id().value().toString())));
  }

  @GET
  @Path("/{waiver}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show a waiver of the close checklist")
  @APIResponse(
      responseCode = "200",
      description = "The waiver; ETag is its version.",
      content = @Content(schema = @Schema(implementation = Waiver.class)))
  public Uni<Response> showCloseWaiver(@PathParam("waiver") String waiver) {
    UUID id = CloseParameters.waiver(waiver);
    return transactions
        .asPlatform(s -> waivers.find(s, id))
        .map(found -> found.orElseThrow(CloseParameters::noWaiver))
        .map(w -> Response.ok(w).header(HttpHeaders.ETAG, ETags.of(w.version())).build());
  }

  @POST
  @Path("/{waiver}/confirm")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed("finance-approver")
  @Operation(
      summary = "Let the finding pass, as the second person",
      description = "409 FOUR_EYES for whoever proposed it, whatever their roles.")
  @APIResponse(
      responseCode = "200",
      description = "Confirmed; the finding blocks no more.",
      content = @Content(schema = @Schema(implementation = Waiver.class)))
  @APIResponse(responseCode = "409", description = "FOUR_EYES, or STATE_CONFLICT: it is decided.")
  public Uni<Response> confirmCloseWaiver(
      @PathParam("waiver") String waiver,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.confirm(CloseParameters.waiver(waiver), ifMatch);
  }

  @POST
  @Path("/{waiver}/reject")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(summary = "Refuse a waiver, or take one's own back")
  @APIResponse(
      responseCode = "200",
      description = "Rejected; the finding goes on blocking.",
      content = @Content(schema = @Schema(implementation = Waiver.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  public Uni<Response> rejectCloseWaiver(
      @PathParam("waiver") String waiver,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.reject(CloseParameters.waiver(waiver), ifMatch);
  }
}
