package dev.gpucloud.inventory.faults;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** Takes GPUs that faults had put out back into service, for platform admins. */
@Path("/api/v1/admin/hosts/{host}/restore-gpus")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Faults")
public class RestoreGpusResource {
  private final Transactions transactions;
  private final HostMoves moves;
  private final Placement placement;
  private final Caller caller;
  private final InstantSource system;

  RestoreGpusResource(
      Transactions transactions,
      HostMoves moves,
      Placement placement,
      Caller caller,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.moves = moves;
    this.placement = placement;
    this.caller = caller;
    this.system = system;
  }

  @POST
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Let GPUs that faults had put out of service take instances again",
      description = "Faults of the host from before no longer count.")
  @APIResponse(responseCode = "204", description = "They are in service.")
  public Uni<Response> restore(
      @PathParam("host") String idOrName,
      @NotNull(message = "a body is required") @Valid RestoreGpusRequest body) {
    By by = new By(caller.username(), "GPUs " + body.gpus() + " restored: " + body.reason());
    return transactions
        .asPlatform(s -> HostMoves.find(s, idOrName).chain(host -> restore(s, host, body, by)))
        .chain(placement::hostsChanged)
        .replaceWith(Response.noContent().build());
  }

  /** Answers the pool. */
  private Uni<String> restore(Mutiny.Session s, HostId host, RestoreGpusRequest body, By by) {
    return moves
        .lock(s, host)
        .chain(
            found ->
                Sql.update(
                        s,
                        """
                        update host set version = version + 1, bad_mask = bad_mask & ~cast(?2 as bigint),
                          faults_cleared_at = ?3
                        where id = ?1 and bad_mask & cast(?2 as bigint) <> 0""",
                        host.value(),
                        body.mask(),
                        system.instant().atOffset(ZoneOffset.UTC))
                    .invoke(
                        n -> {
                          if (n == 0) {
                            throw ProblemType.STATE_CONFLICT
                                .because("None of these GPUs is out of service.")
                                .at("/gpus", "none of them is out of service");
                          }
                        })
                    .chain(() -> moves.note(s, host, by))
                    .replaceWith(() -> found.orElseThrow().pool()));
  }
}
