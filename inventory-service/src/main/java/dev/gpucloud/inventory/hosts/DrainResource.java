package dev.gpucloud.inventory.hosts;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.fleet.HostReasonRequest;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.hosts.HostMoves.Moved;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Emptying hosts, for platform admins. */
@Path("/api/v1/admin/hosts/{host}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class DrainResource {
  private static final String IF_MATCH = "If-Match";

  private final Transactions transactions;
  private final HostMoves moves;
  private final Drains drains;
  private final DrainKeeper keeper;
  private final Placement placement;
  private final Caller caller;

  DrainResource(
      Transactions transactions,
      HostMoves moves,
      Drains drains,
      DrainKeeper keeper,
      Placement placement,
      Caller caller) {
    this.transactions = transactions;
    this.moves = moves;
    this.drains = drains;
    this.keeper = keeper;
    this.placement = placement;
    this.caller = caller;
  }

  @GET
  @Path("/drain")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "The open drain of a host, or its last one")
  public Uni<DrainView> get(@PathParam("host") String idOrName) {
    return transactions.asPlatform(
        s -> HostMoves.find(s, idOrName).chain(host -> Drains.last(s, host)));
  }

  @POST
  @Path("/drain")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Empty a host by a deadline",
      description =
          "It takes nothing new from now on. Tenants of what runs there are told at once, by an"
              + " instance.maintenance-scheduled event and on the instance. What still runs at the"
              + " deadline (business time) is stopped with the reason HOST_MAINTENANCE and not"
              + " billed any further; what boots then boots elsewhere. Once nothing holds any of it"
              + " the host is in MAINTENANCE, or RETIRED with the goal RETIREMENT. If-Match is"
              + " accepted, not needed.")
  public Uni<DrainView> drain(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body is required") @Valid DrainRequest body) {
    By by = new By(caller.username(), body.reason());
    Drains.Plan plan = new Drains.Plan(body.wanted(), body.deadline(), null);
    return act(host, ifMatch, (s, id) -> drains.open(s, id, plan, by));
  }

  @POST
  @Path("/cancel-drain")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Call the drain of a host off",
      description =
          "It is again what it was before, ACTIVE or CORDONED; tenants are told by an"
              + " instance.maintenance-cancelled event. What was stopped stays stopped.")
  public Uni<DrainView> cancel(
      @PathParam("host") String host,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid HostReasonRequest body) {
    By by = new By(caller.username(), body.reason());
    return act(host, ifMatch, (s, id) -> moves.move(s, id, HostAction.CANCEL_DRAIN, by));
  }

  private Uni<DrainView> act(
      String idOrName,
      @Nullable String ifMatch,
      BiFunction<Mutiny.Session, HostId, Uni<Moved>> act) {
    return transactions
        .asPlatform(
            s ->
                HostMoves.find(s, idOrName)
                    .call(host -> moves.require(s, host, ifMatch))
                    .chain(host -> act.apply(s, host)))
        .call(moved -> placement.hostsChanged(moved.pool()))
        .call(keeper::hurry)
        .chain(moved -> transactions.asPlatform(s -> Drains.last(s, moved.host())));
  }
}
