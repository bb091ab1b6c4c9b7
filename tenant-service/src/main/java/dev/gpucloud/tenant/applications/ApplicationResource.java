package dev.gpucloud.tenant.applications;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.notifications.Addresses;
import dev.gpucloud.tenant.tenants.Actor;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Somebody without a tenant asks for one here. */
@Path("/api/v1/tenant-applications")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Applications", description = "Somebody without a tenant asks for one.")
class ApplicationResource {
  private final ApplicationService service;
  private final Addresses addresses;
  private final Idempotency idempotency;
  private final Caller caller;

  ApplicationResource(
      ApplicationService service, Addresses addresses, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.addresses = addresses;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @POST
  @Authenticated
  @Operation(
      summary = "Apply for a tenant",
      description =
          "By any person who is a member of no tenant and whose e-mail address is verified, one"
              + " application at a time. When the platform approves it, the person becomes the"
              + " tenant's owner.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Application.Shape.class)))
  @APIResponse(
      responseCode = "201",
      description = "Taken in; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(
      responseCode = "403",
      description = "FORBIDDEN: the e-mail address of your login is not verified.")
  @APIResponse(
      responseCode = "409",
      description =
          "ALREADY_EXISTS: the slug is in use, or an application of yours waits. STATE_CONFLICT: you"
              + " are a member of a tenant, or have applied too often within 24 hours.")
  public Uni<Response> apply(
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable JsonNode body) {
    Application asked = Application.read(body);
    var by = new ApplicationService.Applicant(Actor.of(caller), verifiedEmail());
    return idempotency.person(
        key,
        body,
        session ->
            addresses
                .remember(session, by.actor().subject(), Optional.of(by.email()))
                .chain(() -> service.apply(session, asked, by))
                .map(ApplicationResource::created));
  }

  /** Anybody may make a login; that they can be written to is what makes one worth reading. */
  private String verifiedEmail() {
    return caller
        .verifiedEmail()
        .orElseThrow(
            () ->
                ProblemType.FORBIDDEN.because(
                    "Your login has no verified e-mail address: open the link in the mail that you got when you registered, then log in again."));
  }

  @GET
  @Authenticated
  @Operation(summary = "List my applications", description = "Oldest first.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  public Uni<Page<ApplicationView>> list(@BeanParam PageRequest page) {
    return service.listOf(caller.subject(), page);
  }

  @GET
  @Path("/{application}")
  @Authenticated
  @Operation(summary = "Show my application", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The application.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  public Uni<RestResponse<ApplicationView>> show(@PathParam("application") String application) {
    return service.loadOf(caller.subject(), application).map(ApplicationResource::tagged);
  }

  @POST
  @Path("/{application}/withdraw")
  @Authenticated
  @Operation(
      summary = "Withdraw my application",
      description = "Before it is decided, on the version named in If-Match.")
  @APIResponse(
      responseCode = "200",
      description = "Withdrawn.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: it is decided.")
  public Uni<RestResponse<ApplicationView>> withdraw(
      @PathParam("application") String application,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    var step =
        new ApplicationService.Step(TenantAction.WITHDRAW, Actor.of(caller), ifMatch, null, null);
    return service.withdraw(application, step).map(ApplicationResource::tagged);
  }

  private static Response created(ApplicationView view) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/api/v1/tenant-applications/" + view.id())
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .entity(view)
        .build();
  }

  static RestResponse<ApplicationView> tagged(ApplicationView view) {
    return RestResponse.ResponseBuilder.ok(view)
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .build();
  }
}
