package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.inventory.provisioning.SetupView.ConnectView;
import dev.gpucloud.inventory.provisioning.SetupView.UserDataView;
import dev.gpucloud.inventory.setup.AllowListRequest;
import dev.gpucloud.inventory.setup.Consoles.ConsoleLogView;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
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

/** What an instance is beside its GPUs: image, keys, address, console. */
@Path("/api/v1/projects/{project}/instances")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Instances")
public class SetupResource {
  private final SetupService service;
  private final Caller caller;

  SetupResource(SetupService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  private InstanceService.Asker asker() {
    return new InstanceService.Asker(caller.scope(), caller.username());
  }

  @GET
  @Path("/{instance}/setup")
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(
      summary = "Image, keys, private address, allow-list and InfiniBand partition of an instance",
      description = "What the driver of its site does not provide is missing.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SetupView.class)))
  public Uni<Response> setup(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    return service.show(asker(), instance);
  }

  @GET
  @Path("/{instance}/user-data")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "The user data of an instance",
      description = "It may hold secrets: viewers and the platform's people do not see it.")
  public Uni<UserDataView> userData(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    return service.userData(asker(), instance);
  }

  @GET
  @Path("/{instance}/connect")
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(summary = "How to reach an instance")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ConnectView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the driver of its site gives no private address.")
  public Uni<ConnectView> connect(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    return service.connect(asker(), instance);
  }

  @GET
  @Path("/{instance}/console-log")
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(summary = "The end of an instance's console, at most 16384 characters")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ConsoleLogView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the driver of its site reports no console.")
  public Uni<ConsoleLogView> consoleLog(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    return service.console(asker(), instance);
  }

  @PUT
  @Path("/{instance}/allow-list")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(summary = "Replace who may connect to an instance", description = "Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SetupView.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: the driver of its site keeps no allow-list.")
  public Uni<Response> allow(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid AllowListRequest request) {
    return service.allow(asker(), instance, ifMatch, request.checked());
  }
}
