package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Tells billing how far each instance's events go, so that a month closes only when all of them
 * have arrived. For services; the gateway does not carry it.
 */
@Path("/internal/v1/metering/positions")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("service")
@Tag(name = "Internal")
public class MeteringResource {
  private final Transactions transactions;

  MeteringResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The last event of an instance before the instant asked for. */
  public record Position(InstanceId instanceId, long lastSequence) {}

  /** All positions of a tenant. */
  public record Positions(List<Position> items) {}

  @GET
  @Operation(summary = "Last event sequence of every instance of a tenant before an instant")
  public Uni<Positions> positions(
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("before") @Nullable String before) {
    TenantId id = tenant(tenant);
    Instant limit = instant(before);
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    select instance_id, max(sequence) from instance_history
                    where tenant_id = ?1 and at < ?2
                    group by instance_id order by instance_id""",
                    id.value(),
                    limit.atOffset(ZoneOffset.UTC)))
        .map(
            rows ->
                new Positions(
                    rows.stream()
                        .map(
                            row ->
                                new Position(
                                    new InstanceId((UUID) row[0]), ((Number) row[1]).longValue()))
                        .toList()));
  }

  private static TenantId tenant(@Nullable String text) {
    try {
      if (text != null) {
        return TenantId.parse(text);
      }
    } catch (IllegalArgumentException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because("The parameter tenant names a tenant by its id.")
        .at("tenant", "must be ten_<uuid>");
  }

  private static Instant instant(@Nullable String text) {
    try {
      if (text != null) {
        return Instant.parse(text);
      }
    } catch (DateTimeParseException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because("The parameter before is an instant.")
        .at("before", "must be an RFC 3339 time such as 2026-11-02T00:00:00Z");
  }
}
