package dev.gpucloud.tenant.grants;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
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

/** A person finds here what they applied for without a tenant, and what they review. */
@Path("/api/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant calls")
class MyGrantResource {
  private final GrantApplications applications;
  private final GrantApplicationMoves moves;
  private final GrantAssignments assignments;
  private final Caller caller;

  MyGrantResource(
      GrantApplications applications,
      GrantApplicationMoves moves,
      GrantAssignments assignments,
      Caller caller) {
    this.applications = applications;
    this.moves = moves;
    this.assignments = assignments;
    this.caller = caller;
  }

  @GET
  @Path("/grant-applications")
  @Authenticated
  @Operation(
      summary = "List my grant applications",
      description =
          "Those that the caller made without a tenant, oldest first. One that was linked to a"
              + " tenant is listed there.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  public Uni<Page<GrantApplicationView>> listMyApplications(@BeanParam PageRequest page) {
    return applications.listOfPerson(caller.subject(), page);
  }

  @POST
  @Path("/grant-applications/{application}/withdraw")
  @Authenticated
  @Operation(
      summary = "Take my grant application back",
      description = "On the version named in If-Match, while the call is OPEN.")
  @APIResponse(
      responseCode = "200",
      description = "Withdrawn.",
      content = @Content(schema = @Schema(implementation = GrantApplicationView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided on.")
  public Uni<RestResponse<GrantApplicationView>> withdrawMyApplication(
      @PathParam("application") String application,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return moves
        .withdrawOf(caller.subject(), application, ifMatch)
        .map(
            view ->
                RestResponse.ResponseBuilder.ok(view)
                    .header(HttpHeaders.ETAG, ETags.of(view.version()))
                    .build());
  }

  @GET
  @Path("/grant-reviews")
  @Authenticated
  @Operation(
      summary = "List my reviews",
      description =
          "The applications that the caller reviews in any call, oldest first, with the points that"
              + " the caller gave. Those of the caller's own tenant or group are left out.")
  @APIResponse(responseCode = "200", description = "A page of applications to review.")
  public Uni<Page<GrantAssignments.Assignment>> listMyReviews(
      @QueryParam("reviewed")
          @Parameter(description = "true: only those reviewed; false: only those still to do.")
          @Nullable Boolean reviewed,
      @BeanParam PageRequest page) {
    return assignments.list(reviewed, page);
  }
}
