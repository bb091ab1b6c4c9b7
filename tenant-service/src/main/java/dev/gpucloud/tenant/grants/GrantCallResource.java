package dev.gpucloud.tenant.grants;

import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Everybody who is logged in sees the calls here, applies without a tenant, or reviews. */
@Path("/api/v1/grant-calls")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant calls")
class GrantCallResource {
  private final GrantCalls calls;
  private final GrantApplications applications;
  private final GrantReviews reviews;
  private final GrantAssignments assignments;
  private final Idempotency idempotency;

  GrantCallResource(
      GrantCalls calls,
      GrantApplications applications,
      GrantReviews reviews,
      GrantAssignments assignments,
      Idempotency idempotency) {
    this.calls = calls;
    this.applications = applications;
    this.reviews = reviews;
    this.assignments = assignments;
    this.idempotency = idempotency;
  }

  @GET
  @Authenticated
  @Operation(summary = "List calls", description = "In order of slugs.")
  @APIResponse(responseCode = "200", description = "A page of calls.")
  public Uni<Page<GrantCallView>> listCalls(@BeanParam PageRequest page) {
    return calls.list(page);
  }

  @GET
  @Path("/{call}")
  @Authenticated
  @Operation(summary = "Show a call", description = "By id or slug, with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The call.",
      content = @Content(schema = @Schema(implementation = GrantCallView.class)))
  public Uni<RestResponse<GrantCallView>> showCall(@PathParam("call") String call) {
    return calls.load(call).map(GrantCallResource::tagged);
  }

  @POST
  @Path("/{call}/applications")
  @Authenticated
  @Operation(
      summary = "Apply without a tenant",
      description = "With the applicant's business number; a tenant is opened when it is awarded.")
  @APIResponse(
      responseCode = "201",
      description = "Submitted.",
      content = @Content(schema = @Schema(implementation = GrantApplicationView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: the call takes no more. ALREADY_EXISTS: an application of the caller is"
              + " open; params.application names it.")
  public Uni<Response> applyWithoutTenant(
      @PathParam("call") String call,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable ApplyRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return idempotency.platform(
        key,
        body,
        s -> applications.apply(s, call, null, body).map(TenantGrantResource::submitted));
  }

  @GET
  @Path("/{call}/applications")
  @Authenticated
  @Operation(
      summary = "List the applications to review",
      description =
          "For the call's reviewers, with the points that the caller gave. Those of the caller's own"
              + " tenant or group are left out.")
  @APIResponse(responseCode = "200", description = "A page of applications to review.")
  public Uni<Page<GrantAssignments.Assignment>> listToReview(
      @PathParam("call") String call, @BeanParam PageRequest page) {
    return assignments.listOf(call, page);
  }

  @GET
  @Path("/{call}/applications/{application}")
  @Authenticated
  @Operation(summary = "Show an application to review", description = "For the call's reviewers.")
  @APIResponse(
      responseCode = "200",
      description = "The application.",
      content = @Content(schema = @Schema(implementation = GrantAssignments.Assignment.class)))
  @APIResponse(
      responseCode = "409",
      description = "CONFLICT_OF_INTEREST: the reviewer belongs to the applicant.")
  public Uni<GrantAssignments.Assignment> showToReview(
      @PathParam("call") String call, @PathParam("application") String application) {
    return assignments.load(call, application);
  }

  @POST
  @Path("/{call}/applications/{application}/reviews")
  @Authenticated
  @Operation(
      summary = "Review an application",
      description =
          "For those named as reviewers of the call, once for each application, not for one of their"
              + " own tenant or group, and until awards are proposed.")
  @APIResponse(responseCode = "201", description = "Kept.")
  @APIResponse(
      responseCode = "409",
      description =
          "CONFLICT_OF_INTEREST: the reviewer belongs to the applicant. STATE_CONFLICT: awards are"
              + " proposed.")
  public Uni<Response> review(
      @PathParam("call") String call,
      @PathParam("application") String application,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      GrantReviews.@Nullable Review body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return idempotency.platform(
        key,
        body,
        s ->
            calls
                .lock(s, call)
                .chain(found -> reviews.review(s, found, application, body))
                .map(v -> Response.status(Response.Status.CREATED).build()));
  }

  static RestResponse<GrantCallView> tagged(GrantCallView call) {
    return RestResponse.ResponseBuilder.ok(call)
        .header(HttpHeaders.ETAG, ETags.of(call.version()))
        .build();
  }
}
