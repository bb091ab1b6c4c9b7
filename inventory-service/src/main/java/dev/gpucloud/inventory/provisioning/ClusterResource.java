package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.BILLING_VIEWER;
import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

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
import jakarta.persistence.LockModeType;
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

/** Clusters of a project. */
@Path("/api/v1/projects/{project}/clusters")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Clusters")
public class ClusterResource {
  private final ClusterService service;
  private final ClusterStore store;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Caller caller;

  ClusterResource(
      ClusterService service,
      ClusterStore store,
      Transactions transactions,
      Idempotency idempotency,
      Caller caller) {
    this.service = service;
    this.store = store;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  private InstanceService.Asker asker() {
    return new InstanceService.Asker(caller.scope(), caller.username());
  }

  @POST
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Create a cluster",
      description =
          "All of its instances are placed, or none; durably when 202 is answered. They are named"
              + " after the cluster with a number; spares come last. Needs an Idempotency-Key.")
  @APIResponse(
      responseCode = "202",
      description = "Placed; Location is the cluster, whose state says how far it is",
      content = @Content(schema = @Schema(implementation = ClusterView.class)))
  @APIResponse(
      responseCode = "409",
      description =
          "QUOTA_EXCEEDED, ALREADY_EXISTS, or INSUFFICIENT_CAPACITY with what removed each host in"
              + " params.constraints and what would fit in params.alternatives. "
              + Refusals.KINDS)
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE, or UNPROCESSABLE for a topology that contradicts itself.")
  public Uni<Response> create(
      @PathParam("project") String project,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @NotNull(message = "a body is required") @Valid CreateClusterRequest request) {
    return service.create(
        asker(), request, idempotency.scopedKey(caller.scope().tenantId(), key, request));
  }

  @GET
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(summary = "List clusters, oldest first")
  public Uni<Page<ClusterView>> list(
      @PathParam("project") String project, @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(scope.tenantId(), s -> store.list(s, scope, page));
  }

  @GET
  @Path("/{cluster}")
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(summary = "One cluster, by id or name")
  @APIResponse(
      responseCode = "200",
      description = "The cluster; ETag is its version",
      content = @Content(schema = @Schema(implementation = ClusterView.class)))
  public Uni<Response> get(
      @PathParam("project") String project, @PathParam("cluster") String cluster) {
    TenantScope scope = caller.scope();
    return transactions
        .asTenant(
            scope.tenantId(),
            s ->
                store
                    .load(s, scope, cluster, LockModeType.NONE)
                    .chain(found -> store.view(s, scope, found)))
        .map(view -> Response.ok(view).header("ETag", ETags.of(view.version())).build());
  }

  @GET
  @Path("/{cluster}/instances")
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(summary = "The instances of a cluster, first to last, spares at the end")
  public Uni<Page<InstanceView>> instances(
      @PathParam("project") String project,
      @PathParam("cluster") String cluster,
      @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(
        scope.tenantId(),
        s ->
            store
                .load(s, scope, cluster, LockModeType.NONE)
                .chain(found -> store.instances(s, scope, found, page)));
  }

  @DELETE
  @Path("/{cluster}")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Delete a cluster with all of its instances",
      description = "Billing ends at once; the GPUs are free after the agents' proofs of scrub.")
  @APIResponse(
      responseCode = "202",
      description = "Its instances are going",
      content = @Content(schema = @Schema(implementation = ClusterView.class)))
  public Uni<Response> delete(
      @PathParam("project") String project,
      @PathParam("cluster") String cluster,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    return service.delete(asker(), cluster, ifMatch);
  }
}
