package dev.gpucloud.tenant.quotas;

import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The platform's staff reads the limits of all tenants here. */
@Path("/api/v1/admin/tenants/{tenant}/quotas")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quotas")
class AdminQuotaResource {
  private final QuotaService service;

  AdminQuotaResource(QuotaService service) {
    this.service = service;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "List any tenant's quotas", description = "In order of models.")
  @APIResponse(responseCode = "200", description = "A page of quotas.")
  public Uni<Page<QuotaView>> listForPlatform(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return service.listForPlatform(tenant, page);
  }

  @GET
  @Path("/{model}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Show any tenant's quota", description = "With the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The quota.",
      content = @Content(schema = @Schema(implementation = QuotaView.class)))
  public Uni<RestResponse<QuotaView>> showForPlatform(
      @PathParam("tenant") String tenant,
      @PathParam("model") String model,
      @QueryParam("site") @Nullable String site,
      @QueryParam("project") @Nullable String project) {
    return service
        .loadForPlatform(tenant, new QuotaService.Name(project, model, site))
        .map(QuotaResource::tagged);
  }
}
