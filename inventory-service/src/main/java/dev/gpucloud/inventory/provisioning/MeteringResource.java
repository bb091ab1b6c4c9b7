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
import java.util.stream.Collectors;
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
  /** A line of a request has room for no more. */
  private static final int MOST_TENANTS = 50;

  private final Transactions transactions;

  MeteringResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The last event of an instance before the instant asked for. */
  public record Position(TenantId tenantId, InstanceId instanceId, long lastSequence) {}

  /** The positions of the tenants. */
  public record Positions(List<Position> items) {}

  @GET
  @Operation(
      summary = "Last event sequence before an instant of some tenants' instances",
      description =
          "Instances that were at rest for good or stopped since before the time since are left"
              + " out: nothing happened to them after it. So are tenants of which the caller knows"
              + " as many events between both times as there are: known is given as often as tenant"
              + " or not at all.")
  public Uni<Positions> positions(
      @QueryParam("tenant") List<String> tenants,
      @QueryParam("since") @Nullable String since,
      @QueryParam("before") @Nullable String before,
      @QueryParam("known") List<Long> known) {
    String ids = tenants(tenants);
    String counts = known(known, tenants.size());
    Instant from = since == null ? Instant.EPOCH : instant("since", since);
    Instant limit = instant("before", before);
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    with asked as (
                      select * from unnest(cast(string_to_array(?1, ',') as uuid[]),
                                           cast(string_to_array(?4, ',') as bigint[]))
                        as a (tenant_id, known)),
                    told as (
                      select i.tenant_id, i.id, h.sequence,
                             sum(h.events) over (partition by i.tenant_id) as events
                      from instance i cross join lateral (
                        select max(sequence) as sequence, count(*) filter (where at >= ?3) as events
                        from instance_history where instance_id = i.id and at < ?2) h
                      where i.tenant_id in (select tenant_id from asked)
                        and (i.updated_at >= ?3 or i.holding
                             or i.state not in ('STOPPED', 'DELETED', 'FAILED'))
                        and h.sequence is not null)
                    select t.tenant_id, t.id, t.sequence from told t join asked a using (tenant_id)
                    where t.events is distinct from a.known
                    order by t.tenant_id, t.id""",
                    ids,
                    limit.atOffset(ZoneOffset.UTC),
                    from.atOffset(ZoneOffset.UTC),
                    counts))
        .map(
            rows ->
                new Positions(
                    rows.stream()
                        .map(
                            row ->
                                new Position(
                                    new TenantId((UUID) row[0]),
                                    new InstanceId((UUID) row[1]),
                                    ((Number) row[2]).longValue()))
                        .toList()));
  }

  private static String tenants(List<String> texts) {
    if (texts.isEmpty() || texts.size() > MOST_TENANTS) {
      throw ProblemType.INVALID_PARAMETER
          .because("The parameter tenant names 1 to " + MOST_TENANTS + " tenants by their ids.")
          .at("tenant", "must be given 1 to " + MOST_TENANTS + " times");
    }
    return texts.stream().map(t -> tenant(t).value().toString()).collect(Collectors.joining(","));
  }

  private static String known(List<Long> counts, int tenants) {
    if (!counts.isEmpty() && counts.size() != tenants) {
      throw ProblemType.INVALID_PARAMETER
          .because("The parameter known gives the events of each tenant, in their order.")
          .at("known", "must be given as often as tenant, or not at all");
    }
    return counts.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static TenantId tenant(String text) {
    try {
      return TenantId.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("The parameter tenant names a tenant by its id.")
          .at("tenant", "must be ten_<uuid>");
    }
  }

  private static Instant instant(String name, @Nullable String text) {
    try {
      if (text != null) {
        return Instant.parse(text);
      }
    } catch (DateTimeParseException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because("The parameter " + name + " is an instant.")
        .at(name, "must be an RFC 3339 time such as 2026-11-02T00:00:00Z");
  }
}
