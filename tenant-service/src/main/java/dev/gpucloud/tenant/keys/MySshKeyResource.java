package dev.gpucloud.tenant.keys;

import dev.gpucloud.kit.access.Caller;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A person keeps their own public keys here. */
@Path("/api/v1/me/ssh-keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "SSH keys", description = "Public keys that people and projects keep.")
class MySshKeyResource {
  private final SshKeyService service;
  private final Idempotency idempotency;
  private final Caller caller;

  MySshKeyResource(SshKeyService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @Operation(summary = "List my SSH keys", description = "Oldest first.")
  @APIResponse(responseCode = "200", description = "A page of keys.")
  public Uni<Page<SshKeyView>> list(@BeanParam PageRequest page) {
    return service.listOf(caller.subject(), page);
  }

  @POST
  @Authenticated
  @Operation(summary = "Register an SSH key of mine", description = "Its public half.")
  @APIResponse(
      responseCode = "201",
      description = "Kept; Location is its address.",
      content = @Content(schema = @Schema(implementation = SshKeyView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: the key or its name is there already.")
  public Uni<Response> register(
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable RegisterKeyRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    RegisterKeyRequest.Named named = body.named();
    String subject = caller.subject();
    return idempotency.person(
        key,
        body,
        session ->
            service
                .register(session, new KeyOwner.Person(subject), named, subject)
                .map(view -> registered("/api/v1/me/ssh-keys", view)));
  }

  @DELETE
  @Path("/{key}")
  @Authenticated
  @Operation(
      summary = "Delete an SSH key of mine",
      description = "Instances that were made with it keep it.")
  @APIResponse(responseCode = "204", description = "Deleted.")
  public Uni<Void> delete(@PathParam("key") String key) {
    return service.deleteOf(caller.subject(), key);
  }

  static Response registered(String path, SshKeyView view) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, path + "/" + view.id())
        .entity(view)
        .build();
  }
}
