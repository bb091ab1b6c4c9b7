package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The question where a cluster would go. */
@Path("/api/v1/projects/{project}/placements")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Clusters")
public class PlacementResource {
  private final ClusterService service;
  private final Caller caller;

  PlacementResource(ClusterService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @POST
  @TenantAccess({OPERATOR, OWNER, VIEWER})
  @Operation(
      summary = "Ask where a cluster or an instance would go",
      description = "The real decision on what is free now; nothing is taken or kept.")
  @APIResponse(
      responseCode = "200",
      description = "It fits",
      content = @Content(schema = @Schema(implementation = PlacementView.class)))
  @APIResponse(
      responseCode = "409",
      description = "QUOTA_EXCEEDED or INSUFFICIENT_CAPACITY, as creating it would answer.")
  @APIResponse(responseCode = "422", description = "UNKNOWN_REFERENCE or UNPROCESSABLE.")
  public Uni<Response> ask(
      @PathParam("project") String project,
      @QueryParam("validateOnly")
          @DefaultValue("true")
          @Parameter(description = "Nothing but true: what is asked for here is never taken.")
          boolean validateOnly,
      @NotNull(message = "a body is required") @Valid CreateClusterRequest request) {
    if (!validateOnly) {
      throw ProblemType.INVALID_PARAMETER
          .because("A placement can only be asked for; create a cluster or an instance to get it.")
          .at("validateOnly", "must be true");
    }
    return service.validate(new InstanceService.Asker(caller.scope(), caller.username()), request);
  }
}
