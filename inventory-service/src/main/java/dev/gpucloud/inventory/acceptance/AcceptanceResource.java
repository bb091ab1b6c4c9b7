package dev.gpucloud.inventory.acceptance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.acceptance.PowerBudget.Shortage;
import dev.gpucloud.inventory.discovery.Discrepancies.Subject;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** A host's way into service by hand, and what its burn-ins measured. */
@Path("/api/v1/admin/hosts/{host}/acceptance")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deliveries")
public class AcceptanceResource {
  private static final String BODY = "a body with the reason is required";

  private final Transactions transactions;
  private final AcceptanceReports reports;
  private final Acceptances acceptances;
  private final HostMoves moves;
  private final Placement placement;
  private final Caller caller;

  AcceptanceResource(
      Transactions transactions,
      AcceptanceReports reports,
      Acceptances acceptances,
      HostMoves moves,
      Placement placement,
      Caller caller) {
    this.transactions = transactions;
    this.reports = reports;
    this.acceptances = acceptances;
    this.moves = moves;
    this.placement = placement;
    this.caller = caller;
  }

  /** Why. */
  @Schema(
      examples =
          """
          {"reason": "Work order EX-2027-118."}""")
  public record AcceptanceRequest(
      @NotBlank(message = "must say why") @Size(max = 500) String reason) {}

  /** How far a host is. */
  public record AcceptanceState(HostId host, String state) {}

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "The burn-ins of a host, newest first")
  public Uni<Page<BurnInView>> list(@PathParam("host") String idOrName) {
    return transactions
        .asPlatform(s -> HostMoves.find(s, idOrName).chain(host -> reports.ofHost(s, host)))
        .map(items -> new Page<>(items, null));
  }

  @POST
  @Path("/begin")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Begin the burn-in of a discovered host",
      description = "From DISCOVERED; the agent is asked at once.")
  public Uni<AcceptanceState> begin(
      @PathParam("host") String idOrName,
      @NotNull(message = BODY) @Valid AcceptanceRequest request) {
    By by = new By(caller.username(), request.reason());
    return transactions.asPlatform(
        s ->
            HostMoves.find(s, idOrName)
                .chain(host -> moves.move(s, host, HostAction.BEGIN_ACCEPTANCE, by))
                .map(moved -> new AcceptanceState(moved.host(), moved.to().word())));
  }

  @POST
  @Path("/complete")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Bring a host into service that passed its burn-in when there was no power for it",
      description = "From ACCEPTING, after a burn-in that passed.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = AcceptanceState.class)))
  @APIResponse(
      responseCode = "409",
      description = "STATE_CONFLICT; params name the rack, hall or site that has too little power")
  public Uni<AcceptanceState> complete(
      @PathParam("host") String idOrName,
      @NotNull(message = BODY) @Valid AcceptanceRequest request) {
    By by = new By(caller.username(), request.reason());
    return transactions
        .asPlatform(s -> HostMoves.find(s, idOrName).chain(host -> complete(s, host, by)))
        .call(done -> placement.hostsChanged(done.pool()))
        .map(done -> new AcceptanceState(done.host(), "ACTIVE"));
  }

  private record Done(HostId host, String pool) {}

  private Uni<Done> complete(Mutiny.Session s, HostId host, By by) {
    return Sql.rows(
            s,
            """
            select h.pool_id, h.site_id, h.serial, h.delivery_id, h.state,
              coalesce((select r.passed from acceptance_report r where r.host_id = h.id
                        order by r.order_sequence desc limit 1), false)
                and not exists (select 1 from host_intake i where i.host_id = h.id
                                and i.desired = 'BURNED_IN')
            from host h where h.id = ?1 for update of h""",
            host.value())
        .chain(
            rows -> {
              Object[] r = rows.getFirst();
              if (!(r[4].equals("ACCEPTING") && (Boolean) r[5])) {
                throw ProblemType.STATE_CONFLICT
                    .because("The host is %s and its last burn-in has not passed.".formatted(r[4]))
                    .with("state", r[4]);
              }
              Subject subject = new Subject((String) r[1], (String) r[2], host, (String) r[3]);
              return acceptances
                  .accept(s, host, subject, by)
                  .invoke(AcceptanceResource::requirePower)
                  .replaceWith(new Done(host, (String) r[0]));
            });
  }

  private static void requirePower(Optional<Shortage> shortage) {
    shortage.ifPresent(
        found -> {
          throw problem(found);
        });
  }

  private static ProblemException problem(Shortage found) {
    return ProblemType.STATE_CONFLICT
        .because(found.sentence())
        .with("place", found.place())
        .with("neededKw", found.neededKw())
        .with("freeKw", found.freeKw());
  }
}
