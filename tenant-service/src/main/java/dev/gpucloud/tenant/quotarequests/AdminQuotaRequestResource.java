package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The platform's queue of requests for quota. */
@Path("/api/v1/admin/quota-requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quota requests")
class AdminQuotaRequestResource {
  private final QuotaRequestService service;

  AdminQuotaRequestResource(QuotaRequestService service) {
    this.service = service;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "List all requests for quota",
      description = "In the order in which they were made.")
  @APIResponse(responseCode = "200", description = "A page of requests.")
  public Uni<Page<QuotaRequestView>> listAll(
      @QueryParam("state") @Parameter(description = "Only requests in this state.")
          @Nullable String state,
      @BeanParam PageRequest page) {
    return service.listAll(Parameters.oneOf("state", state, QuotaRequestState.class), page);
  }

  @POST
  @Path("/{request}/decide")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Decide on a request for quota",
      description = "Grants all, a part or nothing. Needs If-Match; it is decided once.")
  @APIResponse(
      responseCode = "200",
      description = "Decided.",
      content = @Content(schema = @Schema(implementation = QuotaRequestView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: the limit does not fit those above and below.")
  public Uni<RestResponse<QuotaRequestView>> decide(
      @PathParam("request") String request,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable DecideOnQuota body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service.decide(request, body, ifMatch).map(QuotaRequestResource::tagged);
  }
}
