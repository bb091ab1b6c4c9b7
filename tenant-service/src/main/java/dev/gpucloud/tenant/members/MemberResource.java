package dev.gpucloud.tenant.members;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Members see each other here, owners give and take roles. */
@Path("/api/v1/tenants/{tenant}/members")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Members", description = "Who may do what at a tenant and at its projects.")
class MemberResource {
  private final MemberService service;
  private final Caller caller;

  MemberResource(MemberService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER})
  @Operation(summary = "List members", description = "In order of subjects, revoked ones left out.")
  @APIResponse(responseCode = "200", description = "A page of members.")
  public Uni<Page<MemberView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), page);
  }

  @PUT
  @Path("/{subject}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Set a member's roles",
      description =
          "Gives a member exactly the roles listed, on the version named in If-Match; who is none"
              + " yet is invited instead. The last OWNER stays OWNER. A change acts in every service"
              + " within 5 seconds.")
  @APIResponse(
      responseCode = "200",
      description = "The member as it is now, with the version as ETag.",
      content = @Content(schema = @Schema(implementation = MemberView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the tenant would lose its last owner.")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE: projectRoles names a project the tenant has not.")
  public Uni<RestResponse<MemberView>> set(
      @PathParam("tenant") String tenant,
      @PathParam("subject")
          @Parameter(description = "The person's subject in the identity provider.")
          String subject,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetMemberRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return service
        .set(caller.scope().tenantId(), subject, body, ifMatch)
        .map(
            member ->
                RestResponse.ResponseBuilder.ok(member)
                    .header(HttpHeaders.ETAG, ETags.of(member.version()))
                    .build());
  }

  @DELETE
  @Path("/{subject}")
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @Operation(
      summary = "Remove a member",
      description =
          "Takes every role away, on the version named in If-Match. Acts in every service within"
              + " 5 seconds.")
  @APIResponse(responseCode = "204", description = "Removed.")
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the tenant would lose its last owner.")
  public Uni<Void> remove(
      @PathParam("tenant") String tenant,
      @PathParam("subject") String subject,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.remove(caller.scope().tenantId(), subject, ifMatch, caller.subject());
  }
}
