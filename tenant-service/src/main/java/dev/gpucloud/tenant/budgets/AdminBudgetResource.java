package dev.gpucloud.tenant.budgets;

import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The platform's staff reads the budgets of all tenants here. */
@Path("/api/v1/admin/tenants/{tenant}/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Budgets")
class AdminBudgetResource {
  private final BudgetService service;

  AdminBudgetResource(BudgetService service) {
    this.service = service;
  }

  @GET
  @RolesAllowed({"platform-admin", "finance", "auditor"})
  @Operation(summary = "List any tenant's budgets", description = "In order of models.")
  @APIResponse(responseCode = "200", description = "A page of budgets.")
  public Uni<Page<BudgetView>> listBudgetsForPlatform(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return service.listForPlatform(tenant, page);
  }
}
