package dev.gpucloud.inventory.fleet;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
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
  private final Transactions transactions;
  private final Placement placement;

  HostResource(Transactions transactions, Placement placement) {
    this.transactions = transactions;
    this.placement = placement;
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
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Hosts by name, with what is free on them")
  public Uni<Page<HostView>> list(@BeanParam Filter filter, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(HostEntity.class, "name")
                .where("siteId", filter.site)
                .where("hallId", filter.hall)
                .where("rackId", filter.rack)
                .where("fabricId", filter.fabric)
                .where("modelId", filter.model)
                .where("deliveryId", filter.delivery)
                .where("state", filter.state)
                .page(s, page, HostView::of, host -> host.name));
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

  @POST
  @Path("/{host}/cordon")
  @RolesAllowed("platform-admin")
  @Operation(summary = "Take no new instances on a host; those on it stay")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> cordon(@PathParam("host") String idOrName) {
    return move(idOrName, new Move(List.of("ACTIVE", "CORDONED"), "CORDONED", "cordoned"));
  }

  @POST
  @Path("/{host}/uncordon")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Take new instances on a host again",
      description =
          "A quarantined host comes back only when none of its slices is fenced any more.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HostView.class)))
  public Uni<Response> uncordon(@PathParam("host") String idOrName) {
    return move(
        idOrName,
        new Move(List.of("ACTIVE", "CORDONED", "QUARANTINED"), "ACTIVE", "taken into service"));
  }

  private record Move(List<String> from, String to, String participle) {}

  private Uni<Response> move(String idOrName, Move move) {
    return transactions
        .asPlatform(
            s ->
                load(s, idOrName)
                    .chain(host -> change(s, host, move))
                    .chain(() -> load(s, idOrName)))
        .call(host -> placement.hostsChanged(host.siteId + "/" + host.modelId))
        .map(HostResource::ok);
  }

  private static Uni<Void> change(Mutiny.Session s, HostEntity host, Move move) {
    s.clear();
    return Sql.update(
            s,
            """
            update host h set state = ?2, state_reason = null, version = version + 1
            where h.id = ?1 and h.state = any(string_to_array(?3, ','))
              and (?2 <> 'ACTIVE' or not exists
                    (select 1 from allocation a where a.host_id = h.id and a.state = 'FENCED'))""",
            host.id,
            move.to(),
            String.join(",", move.from()))
        .invoke(
            n -> {
              if (n == 0) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        "The host is %s and cannot be %s now."
                            .formatted(host.state, move.participle()))
                    .with("state", host.state);
              }
            })
        .replaceWithVoid();
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
