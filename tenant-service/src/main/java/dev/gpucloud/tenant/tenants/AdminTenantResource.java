package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
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

/** The platform's staff reads all tenants here, suspends, resumes and closes them. */
@Path("/api/v1/admin/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants of the platform", description = "All tenants, for the platform's staff.")
class AdminTenantResource {
  private static final int MAX_REASON_LENGTH = 500;

  private final TenantService service;
  private final Caller caller;

  AdminTenantResource(TenantService service, Caller caller) {
    this.service = service;
    this.caller = caller;
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

  @GET
  @Path("/{tenant}/history")
  @RolesAllowed({"platform-admin", "finance", "finance-approver", "auditor"})
  @Operation(summary = "Show any tenant's history", description = "Oldest step first.")
  @APIResponse(responseCode = "200", description = "A page of steps.")
  public Uni<Page<TenantMove>> history(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return service.historyForPlatform(tenant, page);
  }

  /** Why a tenant is taken to another state. */
  @Schema(
      name = "TenantReason",
      examples =
          """
          {"reason": "Two invoices are overdue."}""")
  record Reason(
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
          "From ACTIVE. A suspended tenant opens no projects and creates or starts no instances;"
              + " what runs goes on or is stopped by the tenant's suspensionPolicy. Tenants below it"
              + " start nothing new either, and what they run goes on unless they are suspended"
              + " themselves. The If-Match header makes the request safe to repeat.")
  @APIResponse(
      responseCode = "200",
      description = "Suspended; suspension.stopAt is when what runs is stopped, if ever.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: params.allowed has what the tenant's state allows.")
  public Uni<RestResponse<TenantView>> suspend(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable Reason body) {
    return move(tenant, TenantAction.SUSPEND, required(body), ifMatch);
  }

  @POST
  @Path("/{tenant}/resume")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Resume a tenant",
      description = "From SUSPENDED back to ACTIVE; a stop that was announced is called off.")
  @APIResponse(
      responseCode = "200",
      description = "Active again.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: params.allowed has what the tenant's state allows.")
  public Uni<RestResponse<TenantView>> resume(
      @PathParam("tenant") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return move(tenant, TenantAction.RESUME, null, ifMatch);
  }

  @POST
  @Path("/{tenant}/close")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Close a tenant",
      description =
          "From ACTIVE or SUSPENDED, for good. It takes nothing new and is CLOSED by itself once"
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
      @Nullable Reason body) {
    return move(tenant, TenantAction.CLOSE, required(body), ifMatch);
  }

  private Uni<RestResponse<TenantView>> move(
      String tenant, TenantAction action, @Nullable String reason, @Nullable String ifMatch) {
    var move = new TenantWriter.Move(action, Actor.of(caller), reason);
    return service.move(tenant, move, ifMatch).map(TenantResource::tagged);
  }

  static String required(@Nullable Reason body) {
    String reason = body == null || body.reason() == null ? "" : body.reason().strip();
    if (!Texts.isPrintable(reason, MAX_REASON_LENGTH)) {
      var violations = new Violations();
      violations.add("/reason", "expected 1 to " + MAX_REASON_LENGTH + " printable characters");
      Refusals.throwIfAny(violations);
    }
    return reason;
  }
}
