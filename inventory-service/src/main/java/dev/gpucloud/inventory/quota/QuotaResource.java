package dev.gpucloud.inventory.quota;

import static dev.gpucloud.kit.access.TenantRole.BILLING_VIEWER;
import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a tenant holds against its quota. */
@Path("/api/v1/tenants/{tenant}/quota-usage")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Quota")
public class QuotaResource {
  private final QuotaService quota;
  private final Transactions transactions;
  private final Caller caller;

  QuotaResource(QuotaService quota, Transactions transactions, Caller caller) {
    this.quota = quota;
    this.transactions = transactions;
    this.caller = caller;
  }

  @GET
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(
      summary = "GPUs held and limits",
      description =
          "What the tenant holds of each model, descendants included, and what its limits leave: "
              + "for the tenant over all sites (no project, no site), at one site, and for its "
              + "projects. In order of model, project, site. limitVersion is the version of the "
              + "limit that is applied here: the one that setting it answered.")
  public Uni<Page<QuotaUsageView>> usage(
      @PathParam("tenant") String tenant,
      @QueryParam("model") @Nullable String model,
      @QueryParam("site") @Nullable String site,
      @Parameter(description = "Slug or id; only lines of this project.") @QueryParam("project")
          @Nullable String project,
      @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    boolean group = scope.tenant().fact().kind().equals("GROUP");
    QuotaService.Filter filter = new QuotaService.Filter(model, site, project);
    return transactions.asTenant(
        scope.tenantId(), s -> quota.usage(s, scope.tenantId(), group, filter, page));
  }
}
