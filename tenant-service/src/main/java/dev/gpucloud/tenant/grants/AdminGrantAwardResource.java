package dev.gpucloud.tenant.grants;

import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Platform admins change proposed awards and link applications to tenants here. */
@Path("/api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant awards")
class AdminGrantAwardResource {
  private final GrantAwards awards;
  private final GrantApplicationMoves moves;

  AdminGrantAwardResource(GrantAwards awards, GrantApplicationMoves moves) {
    this.awards = awards;
    this.moves = moves;
  }

  @PUT
  @Path("/grant-awards/{award}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Change a proposed award",
      description = "Within the pool, on the version named in If-Match; 0 GPUs take it away.")
  @APIResponse(
      responseCode = "200",
      description = "The award as it is now.",
      content = @Content(schema = @Schema(implementation = GrantAwardView.class)))
  @APIResponse(responseCode = "422", description = "UNPROCESSABLE: above what the pool has left.")
  public Uni<RestResponse<GrantAwardView>> adjust(
      @PathParam("award") String award,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      GrantAwards.@Nullable Adjustment body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return awards.adjust(award, body, ifMatch).map(TenantGrantResource::tagged);
  }

  /** The tenant that an applicant has by now. */
  @Schema(
      name = "LinkGrantApplication",
      examples =
          """
          {"tenant": "daehan-univ"}""")
  record Link(@Schema(required = true, description = "Slug or id.") @Nullable String tenant) {
    String checked() {
      if (tenant == null || tenant.isBlank()) {
        var violations = new Violations();
        violations.add(
            "/tenant", "is required: the slug or id of the tenant that the applicant has by now");
        Refusals.throwIfAny(violations);
      }
      return Objects.requireNonNull(tenant);
    }
  }

  @POST
  @Path("/grant-applications/{application}/link")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Link an application to a tenant",
      description =
          "For one that was made without a tenant; what it is awarded is the tenant's, which is told"
              + " of an award that is offered. A tenant has one application in a call.")
  @APIResponse(
      responseCode = "200",
      description = "Linked.",
      content = @Content(schema = @Schema(implementation = GrantApplicationView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "ALREADY_EXISTS: the tenant has an application to the call; params.application names it.")
  public Uni<GrantApplicationView> link(
      @PathParam("application") String application, @Nullable Link body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return moves.link(application, body.checked());
  }
}
