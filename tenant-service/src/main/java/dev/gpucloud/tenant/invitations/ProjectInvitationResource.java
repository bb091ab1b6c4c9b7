package dev.gpucloud.tenant.invitations;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.invitations.InvitationEntity.Place;
import dev.gpucloud.tenant.tenants.Actor;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
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

/** Owners of a project invite people to it here. */
@Path("/api/v1/projects/{project}/invitations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invitations", description = "E-mail addresses that are offered roles.")
class ProjectInvitationResource {
  private final Inviting inviting;
  private final InvitationService service;
  private final Caller caller;

  ProjectInvitationResource(Inviting inviting, InvitationService service, Caller caller) {
    this.inviting = inviting;
    this.service = service;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "List invitations to a project",
      description = "Those that owners of the project sent, oldest first.")
  @APIResponse(responseCode = "200", description = "A page of invitations.")
  public Uni<Page<InvitationView>> list(
      @PathParam("project") @Parameter(description = "Id, or slugs as tenant.project.")
          String project,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), caller.scope().project().id(), page);
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Invite to a project",
      description =
          "Offers roles at this project, and at it alone, to whoever holds the e-mail address; none"
              + " above one's own. The answer has"
              + " the token to accept with, once: a repeated request gets the same answer without"
              + " it.")
  @APIResponse(
      responseCode = "201",
      description = "Invited.",
      content = @Content(schema = @Schema(implementation = InvitationView.class)))
  @APIResponse(
      responseCode = "403",
      description = "FORBIDDEN: errors names each role that is above one's own.")
  public Uni<Response> invite(
      @PathParam("project") String project,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable InviteToProject body) {
    var place =
        new Place(caller.scope().tenantId(), caller.scope().project().id(), Actor.of(caller));
    return inviting.toProject(place, key, body);
  }

  @DELETE
  @Path("/{invitation}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Revoke an invitation to a project",
      description = "It cannot be accepted any more. Revoking it again changes nothing.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is accepted.")
  public Uni<Void> revoke(
      @PathParam("project") String project, @PathParam("invitation") String invitation) {
    return service.revoke(caller.scope().tenantId(), caller.scope().project().id(), invitation);
  }
}
