package dev.gpucloud.tenant.members;

import dev.gpucloud.kit.access.Caller;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A person ends memberships of their own here. */
@Path("/api/v1/me/memberships")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Me", description = "The caller.")
class MembershipResource {
  private final MemberService service;
  private final Caller caller;

  MembershipResource(MemberService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @DELETE
  @Path("/{membership}")
  @Authenticated
  @Operation(
      summary = "Leave a tenant",
      description =
          "Takes every role away that the caller has there, at its projects too; acts in every"
              + " service within 5 seconds. Coming back needs an invitation.")
  @APIResponse(responseCode = "204", description = "Left.")
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the tenant would lose its last owner.")
  public Uni<Void> leave(
      @PathParam("membership") @Parameter(description = "Slug or id of the tenant.")
          String tenant) {
    return service.leave(tenant, caller.subject());
  }
}
