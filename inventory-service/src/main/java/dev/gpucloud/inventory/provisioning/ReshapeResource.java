package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What changes an instance and keeps its run: reboot, resize, move to another project. */
@Path("/api/v1/projects/{project}/instances")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Instances")
public class ReshapeResource {
  private final ReshapeService service;
  private final Idempotency idempotency;
  private final Caller caller;

  ReshapeResource(ReshapeService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  private InstanceService.Asker asker() {
    return new InstanceService.Asker(caller.scope(), caller.username());
  }

  @POST
  @Path("/{instance}/reboot")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Reboot a running instance",
      description =
          "It keeps its run, its GPUs and its private address, and billing goes on. Its state stays"
              + " RUNNING; the operation in Location ends when the agent reports the boot.")
  @APIResponse(
      responseCode = "202",
      description = "It boots; Location is the operation",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: it does not run, or it is being booted again already.")
  public Uni<Response> reboot(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.reboot(asker(), instance, ifMatch, key);
  }

  @POST
  @Path("/{instance}/resize")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Give an instance another type of its GPU model",
      description =
          "A stopped instance has the new type at once. A running one is booted into it on its own"
              + " host, keeps its run and is billed in the new shape from the agent's stamp of that"
              + " boot; what it gives up is scrubbed before it is free. Without room on its host it"
              + " stays as it was. Slices of a GPU are resized while stopped. Needs an"
              + " Idempotency-Key.")
  @APIResponse(
      responseCode = "202",
      description = "Placed in its new shape; Location is the operation",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "INSUFFICIENT_CAPACITY with the sites that have room in params.sitesWithRoom,"
              + " QUOTA_EXCEEDED, or STATE_CONFLICT with what to do first in params.remedy.")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE, or UNPROCESSABLE for a type of another GPU model.")
  public Uni<Response> resize(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid ResizeInstanceRequest request) {
    return service.resize(
        asker(),
        instance,
        ifMatch,
        request.instanceType(),
        idempotency.scopedKey(caller.scope().tenantId(), key, request));
  }

  @POST
  @Path("/{instance}/move")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Move an instance to another project of its tenant",
      description =
          "It keeps its run, and is billed to the new project from now on. Needs the role operator"
              + " or owner in both projects.")
  @APIResponse(
      responseCode = "200",
      description = "The instance in its new project; Content-Location is its new path",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "ALREADY_EXISTS when the project has an instance of that name, or STATE_CONFLICT.")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE for a project that is none of the tenant's.")
  public Uni<Response> move(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid MoveInstanceRequest request) {
    return service.move(asker(), caller.actor(), instance, ifMatch, request.project());
  }
}
