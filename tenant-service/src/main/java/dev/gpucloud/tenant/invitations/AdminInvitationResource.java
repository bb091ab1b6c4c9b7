package dev.gpucloud.tenant.invitations;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.invitations.InvitationEntity.Place;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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

/** Platform admins invite a tenant's first people here, its owner above all. */
@Path("/api/v1/admin/tenants/{tenant}/invitations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Onboarding")
class AdminInvitationResource {
  private final Inviting inviting;
  private final InvitationService service;
  private final Transactions transactions;
  private final TenantService tenants;
  private final Caller caller;

  AdminInvitationResource(
      Inviting inviting,
      InvitationService service,
      Transactions transactions,
      TenantService tenants,
      Caller caller) {
    this.inviting = inviting;
    this.service = service;
    this.transactions = transactions;
    this.tenants = tenants;
    this.caller = caller;
  }

  @GET
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "List invitations to any tenant",
      description = "Those of its owners and the platform's, oldest first.")
  @APIResponse(responseCode = "200", description = "A page of invitations.")
  public Uni<Page<InvitationView>> listOfTenant(
      @PathParam("tenant") @Parameter(description = "Id or slug.") String tenant,
      @BeanParam PageRequest page) {
    return id(tenant).chain(id -> service.list(id, null, page));
  }

  @POST
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Invite to any tenant",
      description =
          "As its owners do, with any role: a tenant that was opened without members gets its first"
              + " owner by e-mail address. The answer has the token to accept with, once: a"
              + " repeated request gets the same answer without it.")
  @APIResponse(
      responseCode = "201",
      description = "Invited.",
      content = @Content(schema = @Schema(implementation = InvitationView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: a tenant on its way out invites nobody.")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE: projectRoles names a project the tenant has not.")
  public Uni<Response> inviteToTenant(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable InviteRequest body) {
    Actor by = Actor.of(caller);
    return id(tenant).chain(id -> inviting.toTenant(new Place(id, null, by, true), key, body));
  }

  @DELETE
  @Path("/{invitation}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Revoke an invitation to any tenant",
      description = "It cannot be accepted any more. Revoking it again changes nothing.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is accepted.")
  public Uni<Void> revokeOfTenant(
      @PathParam("tenant") String tenant, @PathParam("invitation") String invitation) {
    return id(tenant).chain(id -> service.revoke(id, null, invitation));
  }

  private Uni<TenantId> id(String idOrSlug) {
    return transactions
        .asPlatform(session -> tenants.load(session, idOrSlug))
        .map(TenantEntity::id);
  }
}
