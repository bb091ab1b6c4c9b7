package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
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
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Owners ask for more quota here and see what became of it. */
@Path("/api/v1/tenants/{tenant}/quota-requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quota requests", description = "Tenants ask for more; who stands above decides.")
class QuotaRequestResource {
  private final QuotaRequestService service;
  private final Idempotency idempotency;
  private final Caller caller;

  QuotaRequestResource(QuotaRequestService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(
      summary = "List requests for quota",
      description = "In the order in which they were made; decided ones stay as the history.")
  @APIResponse(responseCode = "200", description = "A page of requests.")
  public Uni<Page<QuotaRequestView>> listRequests(
      @PathParam("tenant") String tenant,
      @QueryParam("state") @Parameter(description = "Only requests in this state.")
          @Nullable String state,
      @BeanParam PageRequest page) {
    return service.list(
        caller.scope().tenantId(), Parameters.oneOf("state", state, QuotaRequestState.class), page);
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Ask for more quota",
      description =
          "Needs the role OWNER. The owner of the tenant above decides, or the platform. One"
              + " request may be open for a scope, model and site.")
  @APIResponse(
      responseCode = "201",
      description = "Open; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = QuotaRequestView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: a request for this limit is open.")
  public Uni<Response> ask(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable AskForQuota body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    TenantId id = caller.scope().tenantId();
    return idempotency.tenant(
        id, key, body, session -> service.open(session, id, body).map(QuotaRequestResource::made));
  }

  @GET
  @Path("/{request}")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(summary = "Show a request for quota", description = "With the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The request.",
      content = @Content(schema = @Schema(implementation = QuotaRequestView.class)))
  public Uni<RestResponse<QuotaRequestView>> showRequest(
      @PathParam("tenant") String tenant, @PathParam("request") String request) {
    return service.load(caller.scope().tenantId(), request).map(QuotaRequestResource::tagged);
  }

  @POST
  @Path("/{request}/withdraw")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(summary = "Take a request back", description = "Needs the role OWNER and If-Match.")
  @APIResponse(
      responseCode = "200",
      description = "Withdrawn.",
      content = @Content(schema = @Schema(implementation = QuotaRequestView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  public Uni<RestResponse<QuotaRequestView>> withdraw(
      @PathParam("tenant") String tenant,
      @PathParam("request") String request,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service
        .withdraw(caller.scope().tenantId(), request, ifMatch)
        .map(QuotaRequestResource::tagged);
  }

  private static Response made(QuotaRequestView request) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/quota-requests/%s".formatted(request.tenantId(), request.id()))
        .header(HttpHeaders.ETAG, ETags.of(request.version()))
        .entity(request)
        .build();
  }

  static RestResponse<QuotaRequestView> tagged(QuotaRequestView request) {
    return RestResponse.ResponseBuilder.ok(request)
        .header(HttpHeaders.ETAG, ETags.of(request.version()))
        .build();
  }
}
