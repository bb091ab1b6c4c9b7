package dev.gpucloud.tenant.serviceaccounts;

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
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

/** Owners make accounts for machines here; their keys are made at {@code /api-keys}. */
@Path("/api/v1/tenants/{tenant}/service-accounts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Service accounts", description = "Members that are no person; they use API keys.")
class ServiceAccountResource {
  private final ServiceAccountService service;
  private final Idempotency idempotency;
  private final Caller caller;

  ServiceAccountResource(ServiceAccountService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER})
  @Operation(summary = "List service accounts", description = "Oldest first.")
  @APIResponse(responseCode = "200", description = "A page of accounts.")
  public Uni<Page<ServiceAccountView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), page);
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Make a service account",
      description = "It has no password: make an API key with serviceAccount for it.")
  @APIResponse(
      responseCode = "201",
      description = "Made; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = ServiceAccountView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: the tenant has an account of this name.")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE: projectRoles names a project the tenant has not.")
  public Uni<Response> create(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable ServiceAccountRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    TenantId id = caller.scope().tenantId();
    return idempotency.tenant(
        id, key, body, session -> service.create(session, id, body).map(view -> created(id, view)));
  }

  @GET
  @Path("/{account}")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER})
  @Operation(summary = "Show a service account", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The account.",
      content = @Content(schema = @Schema(implementation = ServiceAccountView.class)))
  public Uni<RestResponse<ServiceAccountView>> show(
      @PathParam("tenant") String tenant, @PathParam("account") String account) {
    return service.load(caller.scope().tenantId(), account).map(ServiceAccountResource::tagged);
  }

  @PUT
  @Path("/{account}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Set a service account's roles and description",
      description =
          "Exactly the roles listed, on the version named in If-Match. Acts in every service, and"
              + " on every key of the account, within 5 seconds.")
  @APIResponse(
      responseCode = "200",
      description = "The account as it is now.",
      content = @Content(schema = @Schema(implementation = ServiceAccountView.class)))
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE: projectRoles names a project the tenant has not.")
  public Uni<RestResponse<ServiceAccountView>> set(
      @PathParam("tenant") String tenant,
      @PathParam("account") String account,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable ServiceAccountRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .set(caller.scope().tenantId(), account, body, ifMatch)
        .map(ServiceAccountResource::tagged);
  }

  @DELETE
  @Path("/{account}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Delete a service account",
      description = "Takes its roles away and revokes its keys, on the version named in If-Match.")
  @APIResponse(responseCode = "204", description = "Deleted.")
  public Uni<Void> delete(
      @PathParam("tenant") String tenant,
      @PathParam("account") String account,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.delete(caller.scope().tenantId(), account, caller.subject(), ifMatch);
  }

  private static Response created(TenantId tenant, ServiceAccountView account) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/service-accounts/%s".formatted(tenant, account.id()))
        .header(HttpHeaders.ETAG, ETags.of(account.version()))
        .entity(account)
        .build();
  }

  private static RestResponse<ServiceAccountView> tagged(ServiceAccountView account) {
    return RestResponse.ResponseBuilder.ok(account)
        .header(HttpHeaders.ETAG, ETags.of(account.version()))
        .build();
  }
}
