package dev.gpucloud.tenant.tenants;

import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.engine.Texts;
import dev.gpucloud.tenant.engine.Violations;
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

/** The platform's staff reads all tenants here, and suspends and resumes them. */
@Path("/api/v1/admin/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants of the platform", description = "All tenants, for the platform's staff.")
class AdminTenantResource {
  private static final int MAX_REASON_LENGTH = 500;

  private final TenantService service;

  AdminTenantResource(TenantService service) {
    this.service = service;
  }

  @GET
  @RolesAllowed({"platform-admin", "finance", "finance-approver", "auditor"})
  @Operation(summary = "List all tenants", description = "In order of slugs.")
  @APIResponse(responseCode = "200", description = "A page of tenants.")
  public Uni<Page<TenantView>> list(
      @BeanParam PageRequest page,
      @QueryParam("state") @Parameter(description = "Only tenants in this state.")
          @Nullable String state) {
    return service.list(page, Parameters.oneOf("state", state, TenantState.class));
  }

  @GET
  @Path("/{tenant}")
  @RolesAllowed({"platform-admin", "finance", "finance-approver", "auditor"})
  @Operation(summary = "Show any tenant", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The tenant.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  public Uni<RestResponse<TenantView>> show(
      @PathParam("tenant") @Parameter(description = "Id or slug.") String tenant) {
    return service.loadForPlatform(tenant).map(TenantResource::tagged);
  }

  /** Why a tenant is suspended. */
  @Schema(name = "Suspension")
  record Suspension(
      @Schema(
              required = true,
              maxLength = MAX_REASON_LENGTH,
              examples = "Two invoices are overdue.",
              description = "Shown to the tenant.")
          @Nullable String reason) {}

  @POST
  @Path("/{tenant}/suspend")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Suspend a tenant",
      description =
          "From ACTIVE. A suspended tenant opens no projects and creates no instances. The"
              + " If-Match header makes the request safe to repeat.")
  @APIResponse(
      responseCode = "200",
      description = "Suspended.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the tenant's state does not allow it.")
  public Uni<RestResponse<TenantView>> suspend(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable Suspension body) {
    return service.suspend(tenant, reason(body), ifMatch).map(TenantResource::tagged);
  }

  @POST
  @Path("/{tenant}/resume")
  @RolesAllowed("platform-admin")
  @Operation(summary = "Resume a tenant", description = "From SUSPENDED back to ACTIVE.")
  @APIResponse(
      responseCode = "200",
      description = "Active again.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: the tenant is not SUSPENDED.")
  public Uni<RestResponse<TenantView>> resume(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.resume(tenant, ifMatch).map(TenantResource::tagged);
  }

  private static String reason(@Nullable Suspension body) {
    String reason = body == null || body.reason() == null ? "" : body.reason().strip();
    if (!Texts.isPrintable(reason, MAX_REASON_LENGTH)) {
      var violations = new Violations();
      violations.add("/reason", "expected 1 to " + MAX_REASON_LENGTH + " printable characters");
      Refusals.throwIfAny(violations);
    }
    return reason;
  }
}
