package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Members read their tenants here, and owners say whom the platform writes to. */
@Path("/api/v1/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants", description = "Customer organisations and where they stand.")
class TenantResource {
  private final TenantService service;
  private final Caller caller;

  TenantResource(TenantService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @Operation(
      summary = "List my tenants",
      description =
          "The tenants at which the caller has a role, in order of slugs; those at whose projects"
              + " alone the caller has one with id, slug and name only.")
  @APIResponse(responseCode = "200", description = "A page of tenants.")
  public Uni<Page<TenantView>> list(@BeanParam PageRequest page) {
    return service.listOf(caller.subject(), page);
  }

  @GET
  @Path("/{tenant}")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(summary = "Show a tenant", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The tenant.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "404",
      description = "NOT_FOUND: there is none, or the caller has no role there.")
  public Uni<RestResponse<TenantView>> show(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant) {
    return service.load(caller.scope().tenantId()).map(TenantResource::tagged);
  }

  @GET
  @Path("/{tenant}/history")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(
      summary = "Show a tenant's history",
      description = "Each step of its life with who, when and why; oldest first.")
  @APIResponse(responseCode = "200", description = "A page of steps.")
  public Uni<Page<TenantMove>> history(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return service.history(caller.scope().tenantId(), page);
  }

  @PATCH
  @Path("/{tenant}")
  @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Change whom the platform writes to",
      description =
          "A merge patch of contacts on the version named in If-Match. The platform changes the"
              + " rest.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = ContactsPatch.Shape.class)))
  @APIResponse(
      responseCode = "200",
      description = "The tenant as it is now.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  public Uni<RestResponse<TenantView>> change(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable JsonNode body) {
    return service
        .reach(caller.scope().tenantId(), ContactsPatch.alone(body), ifMatch)
        .map(TenantResource::tagged);
  }

  @POST
  @Path("/{tenant}/close")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Close your tenant",
      description =
          "For good, with every project and key. It takes nothing new and is CLOSED by itself once"
              + " no instance is left and every invoice is settled; closingBlockers has what still"
              + " stands against it.")
  @APIResponse(
      responseCode = "200",
      description = "On its way out.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: its state does not allow it, or tenants below it are open.")
  public Uni<RestResponse<TenantView>> close(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      AdminTenantResource.@Nullable Reason body) {
    if (caller.scope().tenant().fact().state().equals(TenantState.SUSPENDED.name())) {
      throw ProblemType.STATE_CONFLICT
          .because("The tenant is SUSPENDED; the platform closes it, or resumes it first.")
          .with("state", TenantState.SUSPENDED);
    }
    var move =
        new TenantWriter.Move(
            TenantAction.CLOSE, Actor.of(caller), AdminTenantResource.required(body));
    return service
        .move(caller.scope().tenantId().toString(), move, ifMatch)
        .map(TenantResource::tagged);
  }

  static RestResponse<TenantView> tagged(TenantView tenant) {
    return RestResponse.ResponseBuilder.ok(tenant)
        .header(HttpHeaders.ETAG, ETags.of(tenant.version()))
        .build();
  }
}
