package dev.gpucloud.tenant.applications;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Parameters;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.Actor;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The platform reviews applications here and decides them. */
@Path("/api/v1/admin/tenant-applications")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Review", description = "The platform decides applications for tenants.")
class AdminApplicationResource {
  private static final int MAX_NOTE_LENGTH = 500;

  private final ApplicationService service;
  private final Caller caller;

  AdminApplicationResource(ApplicationService service, Caller caller) {
    this.service = service;
    this.caller = caller;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "List applications",
      description = "Oldest first; with state=APPLIED, the review queue.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  public Uni<Page<ApplicationView>> list(
      @BeanParam PageRequest page,
      @QueryParam("state")
          @Parameter(description = "Only APPLIED, APPROVED, REJECTED or WITHDRAWN ones.")
          @Nullable String state,
      @QueryParam("slug") @Parameter(description = "Only for this slug.") @Nullable String slug) {
    return service.list(
        Parameters.oneOf("state", state, TenantState.class), Optional.ofNullable(slug), page);
  }

  @GET
  @Path("/{application}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Show an application", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The application.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  public Uni<RestResponse<ApplicationView>> show(@PathParam("application") String application) {
    return service.loadForPlatform(application).map(ApplicationResource::tagged);
  }

  /** What the platform says to its decision. */
  @Schema(
      name = "Decision",
      examples =
          """
          {"note": "Contract HX-2026-11 is signed."}""")
  record Decision(
      @Schema(
              required = true,
              maxLength = MAX_NOTE_LENGTH,
              examples = "Contract HX-2026-11 is signed.",
              description = "Shown to the applicant.")
          @Nullable String note,
      @Schema(
              examples = "hanbit-robotics",
              description =
                  "When approving: a tenant that has the same business number, to say that both are"
                      + " one company, with one billing account and its invoices.")
          @Nullable String sharesAccountWith) {}

  @POST
  @Path("/{application}/approve")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Approve an application",
      description =
          "Opens the tenant with the applicant as its owner and its first project, all at once, on"
              + " the version named in If-Match.")
  @APIResponse(
      responseCode = "200",
      description = "Approved; tenantId is the tenant.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: it is decided. FOUR_EYES: you applied yourself. ALREADY_EXISTS: the slug"
              + " was taken meanwhile.")
  @APIResponse(
      responseCode = "422",
      description =
          "UNPROCESSABLE: it does not fit the other tenants, such as its parent, or another tenant"
              + " has its business number and sharesAccountWith names none.")
  public Uni<RestResponse<ApplicationView>> approve(
      @PathParam("application") String application,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable Decision body) {
    return service
        .approve(application, step(TenantAction.APPROVE, ifMatch, body))
        .map(ApplicationResource::tagged);
  }

  @POST
  @Path("/{application}/reject")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Reject an application",
      description = "On the version named in If-Match; the note tells the applicant why.")
  @APIResponse(
      responseCode = "200",
      description = "Rejected.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  public Uni<RestResponse<ApplicationView>> reject(
      @PathParam("application") String application,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable Decision body) {
    return service
        .reject(application, step(TenantAction.REJECT, ifMatch, body))
        .map(ApplicationResource::tagged);
  }

  private ApplicationService.Step step(
      TenantAction action, @Nullable String ifMatch, @Nullable Decision body) {
    String note = body == null || body.note() == null ? "" : body.note().strip();
    if (!Texts.isPrintable(note, MAX_NOTE_LENGTH)) {
      var violations = new Violations();
      violations.add("/note", "expected 1 to " + MAX_NOTE_LENGTH + " printable characters");
      Refusals.throwIfAny(violations);
    }
    String shares = body == null ? null : body.sharesAccountWith();
    return new ApplicationService.Step(action, Actor.of(caller), ifMatch, note, shares);
  }
}
