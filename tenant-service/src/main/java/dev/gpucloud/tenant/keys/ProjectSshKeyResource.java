package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
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

/** A project keeps the public keys of all who work on it here. */
@Path("/api/v1/tenants/{tenant}/projects/{projectSlugOrId}/ssh-keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "SSH keys")
class ProjectSshKeyResource {
  private final SshKeyService service;
  private final Idempotency idempotency;
  private final Caller caller;

  ProjectSshKeyResource(SshKeyService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER})
  @Operation(summary = "List a project's SSH keys", description = "Oldest first.")
  @APIResponse(responseCode = "200", description = "A page of keys.")
  public Uni<Page<SshKeyView>> list(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @BeanParam PageRequest page) {
    return service.list(caller.scope().tenantId(), project, page);
  }

  @POST
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR})
  @Operation(summary = "Register an SSH key of a project", description = "Its public half.")
  @APIResponse(
      responseCode = "201",
      description = "Kept; Location is its address.",
      content = @Content(schema = @Schema(implementation = SshKeyView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: the key or its name is there already.")
  public Uni<Response> register(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable RegisterKeyRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    RegisterKeyRequest.Named named = body.named();
    TenantId id = caller.scope().tenantId();
    String subject = caller.subject();
    String path = "/api/v1/tenants/%s/projects/%s/ssh-keys".formatted(id, project);
    return idempotency.tenant(
        id,
        key,
        body,
        session ->
            service
                .owner(session, id, project)
                .chain(owner -> service.register(session, owner, named, subject))
                .map(view -> MySshKeyResource.registered(path, view)));
  }

  @DELETE
  @Path("/{key}")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.OPERATOR})
  @Operation(
      summary = "Delete an SSH key of a project",
      description = "Instances that were made with it keep it.")
  @APIResponse(responseCode = "204", description = "Deleted.")
  public Uni<Void> delete(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @PathParam("key") String key) {
    return service.delete(caller.scope().tenantId(), project, key);
  }
}
