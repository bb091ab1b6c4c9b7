package dev.gpucloud.tenant.audit;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A tenant's owners read here what was done at their tenant. */
@Path("/api/v1/tenants/{tenant}/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit")
class TenantAuditResource {
  private final AuditQueries queries;
  private final Caller caller;

  TenantAuditResource(AuditQueries queries, Caller caller) {
    this.queries = queries;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "List a tenant's audit entries",
      description = "Newest first; filters combine. What the platform did there is among them.")
  @APIResponse(responseCode = "200", description = "A page of entries.")
  public Uni<Page<AuditEntryView>> listTenantAudit(
      @PathParam("tenant") String tenant,
      @BeanParam AuditFilters filters,
      @BeanParam PageRequest page) {
    return queries.of(caller.scope().tenantId(), filters, page);
  }
}
