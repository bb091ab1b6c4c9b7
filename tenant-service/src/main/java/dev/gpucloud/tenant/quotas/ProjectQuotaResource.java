package dev.gpucloud.tenant.quotas;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
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

/** An owner divides the tenant's quota among its projects here. */
@Path("/api/v1/tenants/{tenant}/projects/{projectSlugOrId}/quotas")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quotas")
class ProjectQuotaResource {
  private final QuotaService service;
  private final Caller caller;

  ProjectQuotaResource(QuotaService service, Caller caller) {
    this.service = service;
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
      summary = "List a project's quotas",
      description = "A model that is not listed has no limit of its own; the tenant's binds.")
  @APIResponse(responseCode = "200", description = "A page of quotas.")
  public Uni<Page<QuotaView>> listOfProject(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), project, page);
  }

  @PUT
  @Path("/{model}")
  @Authenticated
  @TenantAccess(value = TenantRole.OWNER, tenantWide = true)
  @Operation(
      summary = "Set a project's quota",
      description =
          "Needs the role OWNER. Sets the limit on the version named in If-Match; \"0\" when none"
              + " was set before. null takes the limit away. A limit may not be above the tenant's"
              + " or that of a tenant above.")
  @APIResponse(
      responseCode = "200",
      description = "The quota as it is now, with the version as ETag.",
      content = @Content(schema = @Schema(implementation = QuotaView.class)))
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: the limit does not fit those above.")
  public Uni<RestResponse<QuotaView>> setOfProject(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @PathParam("model") @Parameter(description = "GPU model.", example = "b200-sxm-180g")
          String model,
      @QueryParam("site") @Parameter(description = "Binds what is held at this site.")
          @Nullable String site,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetQuotaRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .setByOwner(
            caller.scope().tenantId(), new QuotaService.Name(project, model, site), body, ifMatch)
        .map(QuotaResource::tagged);
  }
}
