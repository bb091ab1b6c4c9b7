package dev.gpucloud.tenant.quotas;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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

/** Members read their limits here, platform admins set them. */
@Path("/api/v1/tenants/{tenant}/quotas")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Quotas", description = "How many GPUs of a model a tenant may hold at one time.")
class QuotaResource {
  private final QuotaService service;
  private final Caller caller;

  QuotaResource(QuotaService service, Caller caller) {
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
      summary = "List quotas",
      description =
          "Of the tenant, its sites and its projects, in order of models. A model without a line for"
              + " the tenant over all sites has the limit 0, at a GROUP no limit.")
  @APIResponse(responseCode = "200", description = "A page of quotas.")
  public Uni<Page<QuotaView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), null, page);
  }

  @GET
  @Path("/{model}")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(
      summary = "Show a quota",
      description = "Answers with the version as ETag; a limit never set has version 0.")
  @APIResponse(
      responseCode = "200",
      description = "The quota.",
      content = @Content(schema = @Schema(implementation = QuotaView.class)))
  public Uni<RestResponse<QuotaView>> show(
      @PathParam("tenant") String tenant,
      @PathParam("model") @Parameter(description = "GPU model.", example = "b200-sxm-180g")
          String model,
      @QueryParam("site") @Parameter(description = "The limit at one site.") @Nullable String site,
      @QueryParam("project") @Parameter(description = "The limit of one project: slug or id.")
          @Nullable String project) {
    return service
        .load(caller.scope().tenantId(), new QuotaService.Name(project, model, site))
        .map(QuotaResource::tagged);
  }

  @PUT
  @Path("/{model}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Set a quota",
      description =
          "Sets the limit on the version named in If-Match; \"0\" when none was set before. The"
              + " answer's version is what inventory shows once it has applied the change. With site"
              + " it binds what is held there, beside the limit over all sites; with project it"
              + " binds that project alone. A limit may not be above one that binds it as well (of"
              + " a tenant above, of the project's tenant, over all sites). Limits that it binds and that would be above it are"
              + " lowered to it, with what is guaranteed there.")
  @APIResponse(
      responseCode = "200",
      description = "The quota as it is now, with the version as ETag.",
      content = @Content(schema = @Schema(implementation = QuotaView.class)))
  @APIResponse(
      responseCode = "422",
      description = "UNPROCESSABLE: the limit does not fit those above.")
  public Uni<RestResponse<QuotaView>> set(
      @PathParam("tenant") String tenant,
      @PathParam("model") String model,
      @QueryParam("site") @Nullable String site,
      @QueryParam("project") @Nullable String project,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetQuotaRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .set(tenant, new QuotaService.Name(project, model, site), body, ifMatch)
        .map(QuotaResource::tagged);
  }

  static RestResponse<QuotaView> tagged(QuotaView quota) {
    return RestResponse.ResponseBuilder.ok(quota)
        .header(HttpHeaders.ETAG, ETags.of(quota.version()))
        .build();
  }
}
