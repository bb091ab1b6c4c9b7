package dev.gpucloud.tenant.budgets;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** An owner sets the budgets of the tenant's projects here. */
@Path("/api/v1/tenants/{tenant}/projects/{projectSlugOrId}/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Budgets")
class ProjectBudgetResource {
  private final BudgetService service;
  private final Caller caller;

  ProjectBudgetResource(BudgetService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @PUT
  @Path("/{model}")
  @Authenticated
  @TenantAccess(value = TenantRole.OWNER, tenantWide = true)
  @Operation(
      summary = "Set a project's budget",
      description =
          "Needs the role OWNER. On the version named in If-Match; \"0\" when none was set before.")
  @APIResponse(
      responseCode = "200",
      description = "The budget as it is now, with the version as ETag.",
      content = @Content(schema = @Schema(implementation = BudgetView.class)))
  public Uni<RestResponse<BudgetView>> setBudgetOfProject(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @PathParam("model") String model,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetBudgetRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    String own = caller.scope().tenantId().toString();
    return service
        .set(new BudgetService.Name(own, project, model), body, ifMatch)
        .map(BudgetResource::tagged);
  }
}
