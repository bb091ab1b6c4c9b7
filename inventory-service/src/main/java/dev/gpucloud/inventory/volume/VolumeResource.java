package dev.gpucloud.inventory.volume;

import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.inventory.volume.VolumeService.Asker;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Volumes of a project. */
@Path("/api/v1/projects/{project}/volumes")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Volumes")
public class VolumeResource {
  private final VolumeService service;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Caller caller;

  VolumeResource(
      VolumeService service, Transactions transactions, Idempotency idempotency, Caller caller) {
    this.service = service;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  private Asker asker() {
    return new Asker(caller.scope(), caller.username());
  }

  private static Response answer(Response.ResponseBuilder status, VolumeEntity volume) {
    return status
        .entity(VolumeView.of(volume))
        .header("ETag", ETags.of(volume.version))
        .header(
            "Content-Location",
            "/api/v1/projects/prj_%s/volumes/vol_%s".formatted(volume.projectId, volume.id))
        .build();
  }

  @POST
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Create a volume at a site",
      description = "Only instances at that site can use it. Needs an Idempotency-Key.")
  @APIResponse(
      responseCode = "201",
      description = "Created; Location is the volume",
      content = @Content(schema = @Schema(implementation = VolumeView.class)))
  @APIResponse(
      responseCode = "422",
      description =
          "UNKNOWN_REFERENCE: there is no such site; see params.validSites. UNPROCESSABLE: the site"
              + " is not open to the tenant, params.constraint (DEDICATION, COUNTRY or CSAP_ZONE)"
              + " says why and params.openSites which are; or its driver has no volumes, see"
              + " params.sitesWithIt.")
  public Uni<Response> create(
      @PathParam("project") String project,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @NotNull(message = "a body is required") @Valid CreateVolumeRequest request) {
    Asker asker = asker();
    return idempotency.tenant(
        caller.scope().tenantId(),
        key,
        request,
        s -> service.create(s, asker, request).map(v -> answer(Response.status(201), v)));
  }

  @GET
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(summary = "List volumes, oldest first")
  public Uni<Page<VolumeView>> list(
      @PathParam("project") String project, @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(scope.tenantId(), s -> service.list(s, scope, page));
  }

  @GET
  @Path("/{volume}")
  @TenantAccess({VIEWER, OPERATOR, OWNER})
  @Operation(summary = "One volume, by id; also one that is deleted")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = VolumeView.class)))
  public Uni<Response> get(
      @PathParam("project") String project, @PathParam("volume") String volume) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(
        scope.tenantId(),
        s -> service.show(s, scope, volume).map(found -> answer(Response.ok(), found)));
  }

  @DELETE
  @Path("/{volume}")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Delete a volume that is not in use",
      description =
          "It is DELETING until its site says that it is gone with all that was on it, and DELETED"
              + " then. Asking again changes nothing.")
  @APIResponse(
      responseCode = "202",
      description = "Its site is told",
      content = @Content(schema = @Schema(implementation = VolumeView.class)))
  public Uni<Response> delete(
      @PathParam("project") String project,
      @PathParam("volume") String volume,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    Asker asker = asker();
    return transactions.asTenant(
        caller.scope().tenantId(),
        s -> service.delete(s, asker, volume, ifMatch).map(v -> answer(Response.accepted(), v)));
  }

  @POST
  @Path("/{volume}/attach")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Attach a volume to an instance of its project and site",
      description = "The instance is RUNNING or STOPPED, and starts at that site from now on.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = VolumeView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "STATE_CONFLICT: the volume is in use or at another site, the instance is neither"
              + " RUNNING nor STOPPED or has 16 volumes, or the site's driver has no volumes any"
              + " more (params.capability).")
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE: the project has no such instance.")
  public Uni<Response> attach(
      @PathParam("project") String project,
      @PathParam("volume") String volume,
      @NotNull(message = "a body is required") @Valid AttachVolumeRequest request) {
    Asker asker = asker();
    return transactions.asTenant(
        caller.scope().tenantId(),
        s -> service.attach(s, asker, volume, request).map(v -> answer(Response.ok(), v)));
  }

  @POST
  @Path("/{volume}/detach")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(summary = "Detach a volume; its content stays")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = VolumeView.class)))
  public Uni<Response> detach(
      @PathParam("project") String project,
      @PathParam("volume") String volume,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    Asker asker = asker();
    return transactions.asTenant(
        caller.scope().tenantId(),
        s -> service.detach(s, asker, volume, ifMatch).map(v -> answer(Response.ok(), v)));
  }
}
