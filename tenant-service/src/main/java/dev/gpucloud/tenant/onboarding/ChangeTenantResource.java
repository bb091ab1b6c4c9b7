package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantView;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Platform admins change tenants here: their place in the tree, billing, residency and contacts.
 */
@Path("/api/v1/admin/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Onboarding")
class ChangeTenantResource {
  private final Onboarding onboarding;
  private final Transactions transactions;
  private final Caller caller;

  ChangeTenantResource(Onboarding onboarding, Transactions transactions, Caller caller) {
    this.onboarding = onboarding;
    this.transactions = transactions;
    this.caller = caller;
  }

  @PATCH
  @Path("/{tenant}")
  @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Change a tenant",
      description =
          "A merge patch on the version named in If-Match. A new parent moves the tenant with all"
              + " below it; quotas must fit there. A new residency binds the next placement, what"
              + " runs stays where it is.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = TenantPatch.Shape.class)))
  @APIResponse(
      responseCode = "200",
      description = "The tenant as it is now.",
      content = @Content(schema = @Schema(implementation = TenantView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: a tenant on its way out is not changed any more.")
  @APIResponse(
      responseCode = "422",
      description =
          "UNPROCESSABLE: it does not fit the other tenants (unknown parent, cycle, too deep, quota"
              + " above the parent's, business number or billing mode of another's account).")
  public Uni<RestResponse<TenantView>> change(
      @PathParam("tenant") @Parameter(description = "Id or slug.") String tenant,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable JsonNode body) {
    TenantPatch patch = TenantPatch.read(body);
    var edit = new Onboarding.Edit(Actor.of(caller), ifMatch);
    return transactions
        .asPlatform(session -> onboarding.change(session, tenant, patch, edit))
        .map(TenantView::of)
        .map(
            view ->
                RestResponse.ResponseBuilder.ok(view)
                    .header(HttpHeaders.ETAG, ETags.of(view.version()))
                    .build());
  }
}
