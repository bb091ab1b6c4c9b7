package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Platform admins run the calls of grant programmes here. */
@Path("/api/v1/admin/grant-calls")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grant calls", description = "Programmes that give GPUs to applicants.")
class AdminGrantCallResource {
  private final GrantCalls calls;
  private final GrantCallEdits edits;
  private final GrantApplications applications;
  private final GrantAwards awards;
  private final Idempotency idempotency;

  AdminGrantCallResource(
      GrantCalls calls,
      GrantCallEdits edits,
      GrantApplications applications,
      GrantAwards awards,
      Idempotency idempotency) {
    this.calls = calls;
    this.edits = edits;
    this.applications = applications;
    this.awards = awards;
    this.idempotency = idempotency;
  }

  @POST
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Open a call",
      description =
          "With its pools, price share and rules, which do not change any more, and its name and"
              + " times, which may be changed until awards are proposed.")
  @APIResponse(
      responseCode = "201",
      description = "Opened; Location is its address.",
      content = @Content(schema = @Schema(implementation = GrantCallView.class)))
  @APIResponse(responseCode = "409", description = "ALREADY_EXISTS: the slug is in use.")
  public Uni<Response> openCall(
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable OpenCallRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return idempotency.platform(
        key, body, s -> calls.open(s, body).map(AdminGrantCallResource::opened));
  }

  private static Response opened(GrantCallView call) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/api/v1/grant-calls/" + call.id())
        .header(HttpHeaders.ETAG, ETags.of(call.version()))
        .entity(call)
        .build();
  }

  @PATCH
  @Path("/{call}")
  @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Change a call",
      description =
          "A merge patch of name, applyUntil, windowStart and windowEnd, on the version named in"
              + " If-Match, until awards are proposed. An applyUntil close ahead ends the period of"
              + " application.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = GrantCallPatch.class)))
  @APIResponse(
      responseCode = "200",
      description = "The call as it is now.",
      content = @Content(schema = @Schema(implementation = GrantCallView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: awards are proposed.")
  public Uni<RestResponse<GrantCallView>> changeCall(
      @PathParam("call") String call,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable JsonNode body) {
    return edits.change(call, body, ifMatch).map(GrantCallResource::tagged);
  }

  /** Who may review. */
  @Schema(
      name = "GrantReviewer",
      examples =
          """
          {"name": "Prof. Example"}""")
  record Reviewer(
      @Schema(required = true, maxLength = 120, examples = "Prof. Example") @Nullable String name) {
    String checked(String subject) {
      var violations = new Violations();
      if (name == null || !Texts.isPrintable(name, 120)) {
        violations.add("/name", "expected 1 to 120 printable characters");
      }
      if (!Texts.isPrintable(subject, 64)) {
        violations.add("subject", "expected 1 to 64 printable characters");
      }
      Refusals.throwIfAny(violations);
      return name == null ? "" : name;
    }
  }

  @PUT
  @Path("/{call}/reviewers/{subject}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Let a person review a call's applications",
      description = "By the subject of its tokens.")
  @APIResponse(responseCode = "204", description = "May review.")
  public Uni<Void> addReviewer(
      @PathParam("call") String call,
      @PathParam("subject") String subject,
      @Nullable Reviewer body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return edits.setReviewer(call, subject, body.checked(subject));
  }

  @GET
  @Path("/{call}/applications")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "List a call's applications", description = "In the order of application.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  public Uni<Page<GrantApplicationView>> listApplications(
      @PathParam("call") String call, @BeanParam PageRequest page) {
    return applications.listOfCall(call, page);
  }

  @POST
  @Path("/{call}/propose")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Propose awards",
      description =
          "Ranks the applications by their normalised scores and the call's weights and gives the"
              + " pool to the best, with an explanation for each. Only once applyUntil has passed; may be"
              + " repeated until confirmed, and what was changed by hand is then lost.")
  @APIResponse(
      responseCode = "200",
      description = "What is proposed.",
      content = @Content(schema = @Schema(implementation = GrantAwards.Proposal.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT: applications are still taken, or the awards are confirmed.")
  public Uni<GrantAwards.Proposal> propose(@PathParam("call") String call) {
    return awards.propose(call);
  }

  @GET
  @Path("/{call}/awards")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "List a call's awards", description = "Proposed and later ones.")
  @APIResponse(responseCode = "200", description = "A page of awards.")
  public Uni<Page<GrantAwardView>> listAwards(
      @PathParam("call") String call, @BeanParam PageRequest page) {
    return awards.listOfCall(call, page);
  }

  @POST
  @Path("/{call}/confirm")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Confirm the proposed awards",
      description = "On the version of the call named in If-Match. Offers every award.")
  @APIResponse(
      responseCode = "200",
      description = "Confirmed.",
      content = @Content(schema = @Schema(implementation = GrantCallView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: nothing is proposed.")
  public Uni<RestResponse<GrantCallView>> confirm(
      @PathParam("call") String call, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return awards.confirm(call, ifMatch).map(GrantCallResource::tagged);
  }
}
