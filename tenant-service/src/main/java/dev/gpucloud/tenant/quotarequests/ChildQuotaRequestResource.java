package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
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

/** The owner of a tenant decides here on what the tenants right below it ask for. */
@Path("/api/v1/tenants/{tenant}/child-quota-requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quota requests")
class ChildQuotaRequestResource {
  private final QuotaRequestService service;
  private final Caller caller;

  ChildQuotaRequestResource(QuotaRequestService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "List what the tenants below ask for",
      description = "Needs the role OWNER. In the order in which they were made.")
  @APIResponse(responseCode = "200", description = "A page of requests.")
  public Uni<Page<QuotaRequestView>> listOfChildren(
      @PathParam("tenant") String tenant,
      @QueryParam("state") @Parameter(description = "Only requests in this state.")
          @Nullable String state,
      @BeanParam PageRequest page) {
    return service.listOfChildren(
        caller.scope().tenantId(), Parameters.oneOf("state", state, QuotaRequestState.class), page);
  }

  @POST
  @Path("/{request}/decide")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Decide on what a tenant below asks for",
      description =
          "Needs the role OWNER and If-Match. Grants all, a part or nothing, within the limits"
              + " of the tenant that decides.")
  @APIResponse(
      responseCode = "200",
      description = "Decided.",
      content = @Content(schema = @Schema(implementation = QuotaRequestView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: the limit does not fit those above and below.")
  public Uni<RestResponse<QuotaRequestView>> decideOfChild(
      @PathParam("tenant") String tenant,
      @PathParam("request") String request,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable DecideOnQuota body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .decideAsParent(caller.scope().tenantId(), request, body, ifMatch)
        .map(QuotaRequestResource::tagged);
  }
}
