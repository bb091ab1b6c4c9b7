package dev.gpucloud.tenant.grants;

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

/** Who pays for a tenant sees here which credits it was given. */
@Path("/api/v1/tenants/{tenant}/credits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant awards")
class TenantCreditResource {
  private final CreditGrants credits;
  private final Caller caller;

  TenantCreditResource(CreditGrants credits, Caller caller) {
    this.credits = credits;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "List a tenant's credits",
      description =
          "In the order in which they were given. Invoices say what of them was used for which"
              + " month.")
  @APIResponse(responseCode = "200", description = "A page of credits.")
  public Uni<Page<CreditView>> listCredits(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return credits.listOf(caller.scope().tenantId(), page);
  }
}
