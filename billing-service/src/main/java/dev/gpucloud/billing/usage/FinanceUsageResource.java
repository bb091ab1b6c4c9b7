package dev.gpucloud.billing.usage;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance sees any tenant's usage as the tenant does. */
@Path("/api/v1/finance/usage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class FinanceUsageResource {
  private final UsageService usage;
  private final References references;

  FinanceUsageResource(UsageService usage, References references) {
    this.usage = usage;
    this.references = references;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "Usage and cost of any tenant's month by project, model, instance and run",
      description = "Rated from what is metered now, as the tenant sees it.")
  public Uni<UsageView> ofTenantForFinance(
      @QueryParam("tenant") @Parameter(description = "Needed. Id or slug.", example = "sk-hynix")
          @Nullable String tenant,
      @QueryParam("month")
          @Parameter(
              description = "A Seoul month; the current one by default.",
              example = "2026-11")
          @Nullable String month,
      @BeanParam PageRequest page) {
    if (tenant == null || tenant.isBlank()) {
      throw ProblemType.INVALID_PARAMETER
          .because("The query names a tenant by id or slug.")
          .at("tenant", "is missing");
    }
    return usage.usage(
        month,
        s ->
            references
                .findTenant(s, tenant)
                .map(
                    found ->
                        found
                            .map(TenantRef::id)
                            .orElseThrow(
                                () ->
                                    ProblemType.NOT_FOUND
                                        .because("There is no such tenant.")
                                        .at("tenant", "names no tenant"))),
        null,
        page);
  }
}
