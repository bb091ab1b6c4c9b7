package dev.gpucloud.inventory.fleet;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.topology.Labels;
import dev.gpucloud.inventory.topology.TopologyEdits;
import dev.gpucloud.inventory.topology.TopologyEdits.Edit;
import dev.gpucloud.inventory.topology.TopologyPatch.LabelsPatch;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Hosts for platform admins. */
@Path("/api/v1/admin/hosts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class HostResource {
  private static final String IF_MATCH = "If-Match";

  private final Transactions transactions;
  private final Placement placement;
  private final HostMoves moves;
  private final TopologyEdits edits;
  private final Caller caller;

  HostResource(
      Transactions transactions,
      Placement placement,
      HostMoves moves,
      TopologyEdits edits,
      Caller caller) {
    this.transactions = transactions;
    this.placement = placement;
    this.moves = moves;
    this.edits = edits;
    this.caller = caller;
  }

  /** Filters of the list; all must hold. */
  public static class Filter {
    @QueryParam("site")
    @Nullable String site;

    @QueryParam("hall")
    @Nullable String hall;

    @QueryParam("rack")
    @Nullable String rack;

    @QueryParam("fabric")
    @Nullable String fabric;

    @QueryParam("model")
    @Nullable String model;

    @QueryParam("delivery")
    @Nullable String delivery;

    @QueryParam("state")
    @Nullable String state;

    @QueryParam("label")
    @Nullable String label;

    KeysetQuery<HostEntity> query() {
      if (state != null && !HostView.STATES.contains(state)) {
        throw ProblemType.INVALID_PARAMETER
            .because("There is no state '" + state + "'.")
            .at("state", "must be one of " + HostView.STATES);
      }
      return new KeysetQuery<>(HostEntity.class, "name")
          .where("siteId", site)
          .where("hallId", hall)
          .where("rackId", rack)
          .where("fabricId", fabric)
          .where("modelId", model)
          .where("deliveryId", delivery)
          .where("state", state)
          .labels(Labels.filter(label));
    }
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Hosts by name, with what is free on them",
      description = "By where they stand, model, delivery, state and label=key=value.")
  public Uni<Page<HostView>> list(@BeanParam Filter filter, @BeanParam PageRequest page) {
    KeysetQuery<HostEntity> query = filter.query();
    return transactions.asPlatform(s -> query.page(s, page, HostView::of, host -> host.name));
  }

  @GET
  @Path("/{host}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One host, by id or name")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> get(@PathParam("host") String idOrName) {
    return transactions.asPlatform(s -> load(s, idOrName)).map(HostResource::ok);
  }

  @PATCH
  @Path("/{host}")
  @RolesAllowed("platform-admin")
  @Operation(summary = "Change the labels of a host", description = "Needs If-Match and a reason.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> patch(
      @PathParam("host") String idOrName,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid LabelsPatch patch) {
    return transactions
        .asPlatform(
            s ->
                load(s, idOrName)
                    .map(
                        host ->
                            new Edit("host", host.name, ifMatch, caller.username(), patch.reason()))
                    .invoke(s::clear)
                    .chain(edit -> edits.host(s, edit, patch))
                    .chain(() -> load(s, idOrName)))
        .map(HostResource::ok);
  }

  @POST
  @Path("/{host}/cordon")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Take no new instances on a host; those on it stay",
      description = "From ACTIVE; If-Match is optional.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> cordon(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.CORDON, body.reason());
  }

  @POST
  @Path("/{host}/uncordon")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Take new instances on a cordoned host again",
      description = "From CORDONED; If-Match is optional.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> uncordon(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.UNCORDON, body.reason());
  }

  @POST
  @Path("/{host}/quarantine")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Trust a host no more",
      description =
          "It takes nothing new and its tenants are told; what runs on it runs on. An open drain"
              + " ends.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> quarantine(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.QUARANTINE, body.reason());
  }

  @POST
  @Path("/{host}/release-quarantine")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Trust a quarantined host again",
      description =
          "It is again what it was before: ACTIVE or CORDONED; what was quarantined on its way into"
              + " service is refused and must pass its burn-in. Only when none of its slices is"
              + " fenced any more; faults from before no longer count.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> releaseQuarantine(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.RELEASE_QUARANTINE, body.reason());
  }

  @POST
  @Path("/{host}/reaccept")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Send a host through its burn-in again",
      description = "From MAINTENANCE or QUARANTINED, when nothing is on it; it is ACCEPTING then.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> reaccept(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.REACCEPT, body.reason());
  }

  @POST
  @Path("/{host}/end-maintenance")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Take a host back into service after maintenance",
      description = "It is again what it was before: ACTIVE or CORDONED.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> endMaintenance(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.END_MAINTENANCE, body.reason());
  }

  @POST
  @Path("/{host}/retire")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Take a host out of the fleet for ever",
      description =
          "Only when no instance holds any of it; drain it for retirement first. Fenced slices stay"
              + " fenced.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> retire(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    return move(host, ifMatch, HostAction.RETIRE, body.reason());
  }

  private Uni<Response> move(
      String idOrName, @Nullable String ifMatch, HostAction action, @Nullable String reason) {
    By by = new By(caller.username(), reason);
    return transactions
        .asPlatform(
            s ->
                load(s, idOrName)
                    .chain(
                        host -> {
                          ETags.check(ifMatch, host.version);
                          s.clear();
                          return moves.move(s, new HostId(host.id), action, by);
                        })
                    .chain(moved -> load(s, idOrName)))
        .call(host -> placement.hostsChanged(host.siteId + "/" + host.modelId))
        .map(HostResource::ok);
  }

  private static Uni<HostEntity> load(Mutiny.Session s, String idOrName) {
    boolean byId = idOrName.startsWith("hst_");
    return s.createSelectionQuery(
            byId ? "from HostEntity h where h.id = :key" : "from HostEntity h where h.name = :key",
            HostEntity.class)
        .setParameter("key", byId ? id(idOrName) : idOrName)
        .getResultList()
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw notFound(idOrName);
              }
              return rows.getFirst();
            });
  }

  private static Object id(String text) {
    try {
      return HostId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw notFound(text);
    }
  }

  private static ProblemException notFound(String idOrName) {
    return ProblemType.NOT_FOUND.because("There is no host '" + idOrName + "'.");
  }

  private static Response ok(HostEntity host) {
    return Response.ok(HostView.of(host)).header("ETag", ETags.of(host.version)).build();
  }
}
