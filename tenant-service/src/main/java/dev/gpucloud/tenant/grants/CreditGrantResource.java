package dev.gpucloud.tenant.grants;

import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Platform admins and finance give tenants credits here, and withdraw them. */
@Path("/api/v1/admin/tenants/{tenant}/credits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant awards")
class CreditGrantResource {
  private final CreditGrants credits;
  private final Idempotency idempotency;

  CreditGrantResource(CreditGrants credits, Idempotency idempotency) {
    this.credits = credits;
    this.idempotency = idempotency;
  }

  @POST
  @RolesAllowed({"platform-admin", "finance"})
  @Operation(
      summary = "Give a tenant a credit",
      description = "In won, with an expiry; billing is told. A name is used once for a tenant.")
  @APIResponse(
      responseCode = "201",
      description = "Given.",
      content = @Content(schema = @Schema(implementation = CreditView.class)))
  @APIResponse(responseCode = "409", description = "ALREADY_EXISTS: the name is in use.")
  public Uni<Response> giveCredit(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      CreditGrants.@Nullable Credit body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return idempotency.platform(
        key,
        body,
        s ->
            credits
                .give(s, tenant, body)
                .map(given -> Response.status(Response.Status.CREATED).entity(given).build()));
  }

  @GET
  @RolesAllowed({"platform-admin", "finance", "finance-approver", "auditor"})
  @Operation(
      summary = "List any tenant's credits",
      description = "In the order in which they were given.")
  @APIResponse(responseCode = "200", description = "A page of credits.")
  public Uni<Page<CreditView>> listCreditsOf(
      @PathParam("tenant") String tenant, @BeanParam PageRequest page) {
    return credits.listForPlatform(tenant, page);
  }

  @POST
  @Path("/{credit}/withdraw")
  @RolesAllowed({"platform-admin", "finance"})
  @Operation(
      summary = "Withdraw a credit",
      description =
          "Ends it now, for good: usage until now is still paid by it, what is left then lapses."
              + " The tenant is told.")
  @APIResponse(
      responseCode = "200",
      description = "Withdrawn.",
      content = @Content(schema = @Schema(implementation = CreditView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: it has expired or is withdrawn.")
  public Uni<CreditView> withdrawCredit(
      @PathParam("tenant") String tenant,
      @PathParam("credit") String credit,
      CreditGrants.@Nullable Withdrawal body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return credits.withdraw(tenant, credit, body);
  }
}
