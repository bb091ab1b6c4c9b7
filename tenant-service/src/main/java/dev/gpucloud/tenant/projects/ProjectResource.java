package dev.gpucloud.tenant.projects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.tenant.request.Refusals;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Members read their tenant's projects here, owners open and change them. */
@Path("/api/v1/tenants/{tenant}/projects")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Projects", description = "The scopes of a tenant that own instances.")
class ProjectResource {
  private final ProjectService service;
  private final Idempotency idempotency;
  private final Caller caller;

  ProjectResource(ProjectService service, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess(
      value = {TenantRole.OWNER, TenantRole.OPERATOR, TenantRole.VIEWER, TenantRole.BILLING_VIEWER},
      projectMembers = true)
  @Operation(
      summary = "List projects",
      description = "In order of slugs. Who has roles at some projects alone sees those.")
  @APIResponse(responseCode = "200", description = "A page of projects.")
  public Uni<Page<ProjectView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @BeanParam PageRequest page) {
    return service.list(caller.scope(), page);
  }

  @POST
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @ApiKeyAccess
  @Operation(summary = "Open a project", description = "Needs the role OWNER.")
  @APIResponse(
      responseCode = "201",
      description = "Opened; Location is its address, ETag its version.",
      content = @Content(schema = @Schema(implementation = ProjectView.class)))
  @APIResponse(
      responseCode = "409",
      description = "ALREADY_EXISTS: the tenant has a project with this slug.")
  public Uni<Response> open(
      @PathParam("tenant") String tenant,
      @HeaderParam(Idempotency.HEADER)
          @Parameter(description = "Unique per request; repeat it unchanged on a retry.")
          @Nullable String key,
      @Nullable CreateProjectRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    TenantId id = caller.scope().tenantId();
    return idempotency.tenant(
        id, key, body, session -> service.open(session, id, body).map(ProjectResource::opened));
  }

  @GET
  @Path("/{projectSlugOrId}")
  @Authenticated
  @TenantAccess({
    TenantRole.OWNER,
    TenantRole.OPERATOR,
    TenantRole.VIEWER,
    TenantRole.BILLING_VIEWER
  })
  @Operation(summary = "Show a project", description = "Answers with the version as ETag.")
  @APIResponse(
      responseCode = "200",
      description = "The project.",
      content = @Content(schema = @Schema(implementation = ProjectView.class)))
  public Uni<RestResponse<ProjectView>> show(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId")
          @Parameter(description = "Slug or id.", example = "fab-digital-twin")
          String project) {
    return service
        .load(caller.scope().tenantId(), ProjectName.parse(project))
        .map(ProjectResource::tagged);
  }

  @PATCH
  @Path("/{projectSlugOrId}")
  @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
  @Authenticated
  @TenantAccess(TenantRole.OWNER)
  @ApiKeyAccess
  @Operation(
      summary = "Change a project",
      description =
          "A merge patch of name, costCenter, labels and state (ACTIVE, ARCHIVED), on the version"
              + " named in If-Match.")
  @RequestBody(
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = ProjectPatch.Shape.class)))
  @APIResponse(
      responseCode = "200",
      description = "The project as it is now.",
      content = @Content(schema = @Schema(implementation = ProjectView.class)))
  public Uni<RestResponse<ProjectView>> change(
      @PathParam("tenant") String tenant,
      @PathParam("projectSlugOrId") String project,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable JsonNode body) {
    return service
        .change(caller.scope().tenantId(), ProjectName.parse(project), body, ifMatch)
        .map(ProjectResource::tagged);
  }

  private static Response opened(ProjectView project) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/projects/%s".formatted(project.tenantId(), project.id()))
        .header(HttpHeaders.ETAG, ETags.of(project.version()))
        .entity(project)
        .build();
  }

  private static RestResponse<ProjectView> tagged(ProjectView project) {
    return RestResponse.ResponseBuilder.ok(project)
        .header(HttpHeaders.ETAG, ETags.of(project.version()))
        .build();
  }
}
