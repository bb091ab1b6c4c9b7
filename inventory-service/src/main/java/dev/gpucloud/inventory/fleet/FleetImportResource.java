package dev.gpucloud.inventory.fleet;

import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.placement.Pools;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes in the fleet's sections of a scenario. */
@Path("/api/v1/admin/imports/fleet")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class FleetImportResource {
  private static final Logger LOG = Logger.getLogger(FleetImportResource.class);

  private static final String ORDER =
      """
      deliveries:
        - id: dlv-2028-03-ulsan
          site: kr-ulsan-1
          hall: ulsan-h2
          model: b200-sxm-180g
          hosts: 64
          gpusPerHost: 8
          hostsPerRack: 4
          racksPerFabric: 64
          due: 2028-03-31
          state: ORDERED
          hostPowerKw: 14.3
      """;

  private static final String HOSTS =
      """
      delivery,serial
      dlv-2027-03-ulsan,EX2027-00011
      dlv-2027-03-ulsan,EX2027-00012
      """;

  private final FleetImport fleet;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Pools pools;
  private final HostMoves moves;
  private final Caller caller;
  private final ImportConfig config;

  FleetImportResource(
      FleetImport fleet,
      Transactions transactions,
      Idempotency idempotency,
      Pools pools,
      HostMoves moves,
      Caller caller,
      ImportConfig config) {
    this.fleet = fleet;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.pools = pools;
    this.moves = moves;
    this.caller = caller;
    this.config = config;
  }

  /** Rows changed by table; all 0 when everything was as declared. */
  public record ImportView(Map<String, Integer> changed, boolean validateOnly) {}

  @POST
  @RolesAllowed("platform-admin")
  @Consumes({
    MediaType.APPLICATION_JSON,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml",
    "text/csv"
  })
  @Operation(
      summary = "Import the fleet",
      description =
          "Sections gpuModels, sites, deliveries, instanceTypes, hostShape, burnIn and hosts, as"
              + " JSON or YAML without anchors; or the hosts alone as text/csv with the columns"
              + " delivery, serial, name, rack, fabric (the first two are required). All or nothing,"
              + " repeatable; every violation is reported with its pointer, or row and column."
              + " Hosts announced for a delivery take its places in the order given. The hosts of a"
              + " delivery declared ACCEPTED become ACTIVE at once, of one declared DELIVERED"
              + " EXPECTED. A delivery that is further along than declared stays so. With"
              + " validateOnly=true everything is checked and nothing kept. An Idempotency-Key is"
              + " accepted, not needed.")
  @RequestBody(
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = "application/yaml",
            schema = @Schema(type = SchemaType.STRING, format = "binary"),
            example = ORDER),
        @Content(
            mediaType = "application/x-yaml",
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = "text/yaml",
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = "text/x-yaml",
            schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = SchemaType.STRING, format = "binary"),
            example = HOSTS)
      })
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ImportView.class)))
  public Uni<Response> run(
      byte @Nullable [] body,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) @Nullable MediaType type,
      @HeaderParam(Idempotency.HEADER) @Nullable String key,
      @QueryParam("validateOnly") boolean validateOnly) {
    FleetSource source = FleetSource.of(body, type, config.limit().asLongValue());
    if (key == null || validateOnly) {
      return transactions.asPlatform(s -> run(s, source, validateOnly)).call(this::reread);
    }
    return idempotency
        .platform(key, source.content(), s -> run(s, source, false))
        .call(this::reread);
  }

  private Uni<Response> run(Mutiny.Session s, FleetSource source, boolean validateOnly) {
    if (validateOnly) {
      s.currentTransaction().markForRollback();
    }
    return fleet
        .run(s, source, caller.username())
        .call(() -> moves.remember(s, new By(caller.username(), "IMPORTED")))
        .map(changed -> Response.ok(new ImportView(changed, validateOnly)).build());
  }

  /** The import is committed: reading it can wait for the next look at the pools. */
  private Uni<Void> reread() {
    return pools
        .refresh()
        .onFailure()
        .invoke(f -> LOG.warnf("the new fleet is not read yet: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }
}
