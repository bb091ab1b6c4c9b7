package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.kit.access.TenantRole.BILLING_VIEWER;
import static dev.gpucloud.kit.access.TenantRole.OPERATOR;
import static dev.gpucloud.kit.access.TenantRole.OWNER;
import static dev.gpucloud.kit.access.TenantRole.VIEWER;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantScope;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Instances of a project. */
@Path("/api/v1/projects/{project}/instances")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Instances")
public class InstanceResource {
  private static final String IF_MATCH = "If-Match";

  private final InstanceService service;
  private final InstanceStore store;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Caller caller;

  InstanceResource(
      InstanceService service,
      InstanceStore store,
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
      summary = "Create an instance",
      description =
          "Placed durably when 202 is answered; needs an Idempotency-Key. With validateOnly=true"
              + " the decision is made and nothing is taken.")
  @APIResponse(
      responseCode = "202",
      description = "Placed; the operation in Location ends when it runs",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  @APIResponse(
      responseCode = "409",
      description = "QUOTA_EXCEEDED or INSUFFICIENT_CAPACITY. " + Refusals.KINDS)
  @APIResponse(responseCode = "422", description = "UNKNOWN_REFERENCE or IDEMPOTENCY_KEY_REUSED")
  public Uni<Response> create(
      @PathParam("project") String project,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @QueryParam("validateOnly") boolean validateOnly,
      @NotNull(message = "a body is required") @Valid CreateInstanceRequest request) {
    if (validateOnly) {
      return service.validate(asker(), request);
    }
    return service.create(
        asker(), request, idempotency.scopedKey(caller.scope().tenantId(), key, request));
  }

  @GET
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(
      summary = "List instances, oldest first",
      description = "Without a state, deleted instances are left out.")
  public Uni<Page<InstanceView>> list(
      @PathParam("project") String project,
      @QueryParam("state") @Nullable String state,
      @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    InstanceState only = state == null ? null : state(state);
    return transactions.asTenant(scope.tenantId(), s -> store.list(s, scope, only, page));
  }

  private static InstanceState state(String text) {
    try {
      return InstanceState.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("There is no state '" + text + "'.")
          .at("state", "must be one of " + Arrays.toString(InstanceState.values()));
    }
  }

  @GET
  @Path("/{instance}")
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(summary = "One instance, by id or name")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  public Uni<Response> get(
      @PathParam("project") String project, @PathParam("instance") String instance) {
    TenantScope scope = caller.scope();
    return transactions
        .asTenant(scope.tenantId(), s -> store.load(s, scope, instance, LockModeType.NONE))
        .map(InstanceService::ok);
  }

  @PATCH
  @Path("/{instance}")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(summary = "Change name or labels", description = "Needs If-Match.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  public Uni<Response> update(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid UpdateInstanceRequest request) {
    return service.update(asker(), instance, ifMatch, request);
  }

  @DELETE
  @Path("/{instance}")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Delete an instance",
      description = "Billing ends at once; its GPUs are free after the agent's proof of scrub.")
  @APIResponse(
      responseCode = "202",
      description = "It goes; the operation in Location ends when its GPUs are free",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  public Uni<Response> delete(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch) {
    return service.delete(asker(), instance, ifMatch);
  }

  @POST
  @Path("/{instance}/stop")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Stop a running instance",
      description = "Billing ends at once; the instance keeps its name and gives its GPUs back.")
  @APIResponse(
      responseCode = "202",
      description = "It stops; the operation in Location ends when it has",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  public Uni<Response> stop(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch) {
    return service.stop(asker(), instance, ifMatch, key);
  }

  @POST
  @Path("/{instance}/start")
  @TenantAccess({OPERATOR, OWNER})
  @Operation(
      summary = "Start a stopped instance",
      description = "It is placed anew and opens a new run; needs an Idempotency-Key.")
  @APIResponse(
      responseCode = "202",
      description = "Placed; the operation in Location ends when it runs",
      content = @Content(schema = @Schema(implementation = InstanceView.class)))
  public Uni<Response> start(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch) {
    return service.start(
        asker(), instance, ifMatch, idempotency.scopedKey(caller.scope().tenantId(), key, null));
  }

  @GET
  @Path("/{instance}/history")
  @TenantAccess({VIEWER, OPERATOR, OWNER, BILLING_VIEWER})
  @Operation(summary = "What happened to an instance, first to last")
  public Uni<Page<HistoryView>> history(
      @PathParam("project") String project,
      @PathParam("instance") String instance,
      @BeanParam PageRequest page) {
    TenantScope scope = caller.scope();
    return transactions.asTenant(scope.tenantId(), s -> store.history(s, scope, instance, page));
  }
}
