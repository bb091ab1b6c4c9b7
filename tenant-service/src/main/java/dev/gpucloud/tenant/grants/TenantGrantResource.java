package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A tenant applies for grants here and accepts what it is awarded. */
@Path("/api/v1/tenants/{tenant}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant awards", description = "What a tenant applied for and was awarded.")
class TenantGrantResource {
  private final GrantApplications applications;
  private final GrantApplicationMoves moves;
  private final GrantAwards awards;
  private final Agreements agreements;
  private final Idempotency idempotency;
  private final Caller caller;

  TenantGrantResource(
      GrantApplications applications,
      GrantApplicationMoves moves,
      GrantAwards awards,
      Agreements agreements,
      Idempotency idempotency,
      Caller caller) {
    this.applications = applications;
    this.moves = moves;
    this.awards = awards;
    this.agreements = agreements;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Path("/grant-applications")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(summary = "List a tenant's applications", description = "In the order of application.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  public Uni<Page<GrantApplicationView>> listApplicationsOfTenant(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return applications.listOfTenant(caller.scope().tenantId(), page);
  }

  @POST
  @Path("/grant-calls/{call}/applications")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(summary = "Apply to a call", description = "Needs the role OWNER.")
  @APIResponse(
      responseCode = "201",
      description = "Submitted.",
      content = @Content(schema = @Schema(implementation = GrantApplicationView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: the call takes no more. ALREADY_EXISTS: an application of the tenant is"
              + " open; params.application names it.")
  public Uni<Response> apply(
      @PathParam("tenant") String tenant,
      @PathParam("call") String call,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable ApplyRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    TenantId id = caller.scope().tenantId();
    return idempotency.tenant(
        id,
        key,
        body,
        s -> applications.apply(s, call, id, body).map(TenantGrantResource::submitted));
  }

  @POST
  @Path("/grant-applications/{application}/withdraw")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Take an application back",
      description = "Needs the role OWNER and If-Match, while the call is OPEN.")
  @APIResponse(
      responseCode = "200",
      description = "Withdrawn.",
      content = @Content(schema = @Schema(implementation = GrantApplicationView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided on.")
  public Uni<GrantApplicationView> withdrawApplication(
      @PathParam("tenant") String tenant,
      @PathParam("application") String application,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return moves.withdraw(caller.scope().tenantId(), application, ifMatch);
  }

  @GET
  @Path("/grant-awards")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(summary = "List a tenant's awards", description = "Offered and later ones.")
  @APIResponse(responseCode = "200", description = "A page of awards.")
  public Uni<Page<GrantAwardView>> listAwardsOfTenant(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return awards.listOfTenant(caller.scope().tenantId(), page);
  }

  @POST
  @Path("/grant-awards/{award}/accept")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Accept an award",
      description =
          "Needs the role OWNER and If-Match, before the deadline. The tenant's limit is raised for"
              + " the call's window.")
  @APIResponse(
      responseCode = "200",
      description = "Accepted, or ACTIVE when the window has begun.",
      content = @Content(schema = @Schema(implementation = GrantAwardView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: not offered, or too late.")
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: a limit above the tenant has no room for it.")
  public Uni<RestResponse<GrantAwardView>> accept(
      @PathParam("tenant") String tenant,
      @PathParam("award") String award,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return agreements
        .accept(caller.scope().tenantId(), award, ifMatch)
        .map(TenantGrantResource::tagged);
  }

  @POST
  @Path("/grant-awards/{award}/decline")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Decline an award",
      description = "Needs the role OWNER and If-Match. It is offered to the next in rank.")
  @APIResponse(
      responseCode = "200",
      description = "Declined.",
      content = @Content(schema = @Schema(implementation = GrantAwardView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: not offered, or too late.")
  public Uni<RestResponse<GrantAwardView>> decline(
      @PathParam("tenant") String tenant,
      @PathParam("award") String award,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return agreements
        .decline(caller.scope().tenantId(), award, ifMatch)
        .map(TenantGrantResource::tagged);
  }

  static Response submitted(GrantApplicationView application) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.ETAG, ETags.of(application.version()))
        .entity(application)
        .build();
  }

  static RestResponse<GrantAwardView> tagged(GrantAwardView award) {
    return RestResponse.ResponseBuilder.ok(award)
        .header(HttpHeaders.ETAG, ETags.of(award.version()))
        .build();
  }
}
