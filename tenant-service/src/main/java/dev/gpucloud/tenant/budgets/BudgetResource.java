package dev.gpucloud.tenant.budgets;

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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Members read budgets of GPU-hours here, platform admins set the tenant's. */
@Path("/api/v1/tenants/{tenant}/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Budgets", description = "GPU-hours that may be used within a window.")
class BudgetResource {
  private final BudgetService service;
  private final Caller caller;

  BudgetResource(BudgetService service, Caller caller) {
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
      summary = "List budgets",
      description = "Of the tenant and its projects, with what is used, in order of models.")
  @APIResponse(responseCode = "200", description = "A page of budgets.")
  public Uni<Page<BudgetView>> listBudgets(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), page);
  }

  @PUT
  @Path("/{model}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Set a tenant's budget",
      description =
          "For the tenant with all below it, on the version named in If-Match; \"0\" when none was"
              + " set before. When it is used up, nothing more may be started or grow before the"
              + " window ends; what runs goes on.")
  @APIResponse(
      responseCode = "200",
      description = "The budget as it is now, with the version as ETag.",
      content = @Content(schema = @Schema(implementation = BudgetView.class)))
  public Uni<RestResponse<BudgetView>> setBudget(
      @PathParam("tenant") String tenant,
      @PathParam("model") String model,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetBudgetRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .set(new BudgetService.Name(tenant, null, model), body, ifMatch)
        .map(BudgetResource::tagged);
  }

  static RestResponse<BudgetView> tagged(BudgetView budget) {
    return RestResponse.ResponseBuilder.ok(budget)
        .header(HttpHeaders.ETAG, ETags.of(budget.version()))
        .build();
  }
}
