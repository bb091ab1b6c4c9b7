package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.problem.ProblemType;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
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
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final FleetImport fleet;
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final Pools pools;
  private final HostMoves moves;
  private final Caller caller;

  FleetImportResource(
      FleetImport fleet,
      Transactions transactions,
      Idempotency idempotency,
      Pools pools,
      HostMoves moves,
      Caller caller) {
    this.fleet = fleet;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.pools = pools;
    this.moves = moves;
    this.caller = caller;
  }

  /** Rows changed by table; all 0 when everything was as declared. */
  public record ImportView(Map<String, Integer> changed) {}

  @POST
  @RolesAllowed("platform-admin")
  @Consumes({
    MediaType.APPLICATION_JSON,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml"
  })
  @Operation(
      summary = "Import the fleet",
      description =
          "Sections gpuModels, sites, deliveries, instanceTypes and hostShape, as JSON or YAML. All"
              + " or nothing, repeatable; every violation is reported with its pointer. The hosts of"
              + " accepted deliveries become ACTIVE. An Idempotency-Key is accepted, not needed.")
  public Uni<Response> run(
      byte @Nullable [] body,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    JsonNode document = parse(body, type);
    Uni<Response> done =
        key == null
            ? transactions.asPlatform(s -> run(s, document))
            : idempotency.platform(key, document, s -> run(s, document));
    return done.call(this::reread);
  }

  private Uni<Response> run(Mutiny.Session s, JsonNode document) {
    return fleet
        .run(s, document)
        .call(() -> moves.remember(s, new By(caller.username(), "IMPORTED")))
        .map(FleetImportResource::ok);
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

  private static Response ok(Map<String, Integer> changed) {
    return Response.ok(new ImportView(changed)).build();
  }

  private static JsonNode parse(byte @Nullable [] body, MediaType type) {
    boolean yaml = type.getSubtype().endsWith("yaml");
    try {
      JsonNode document = (yaml ? YAML : JSON).readTree(body == null ? new byte[0] : body);
      if (document == null || document.isMissingNode() || document.isNull()) {
        throw ProblemType.MALFORMED_BODY.because("A body is required.").at("", "is empty");
      }
      return document;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw ProblemType.MALFORMED_BODY
          .because("The body is not well-formed %s%s.".formatted(yaml ? "YAML" : "JSON", where))
          .at("", "must be well-formed");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
