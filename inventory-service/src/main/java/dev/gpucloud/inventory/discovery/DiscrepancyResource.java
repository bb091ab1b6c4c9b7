package dev.gpucloud.inventory.discovery;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Discrepancies for platform admins. */
@Path("/api/v1/admin/discrepancies")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deliveries")
public class DiscrepancyResource {
  private static final List<String> STATES = List.of("OPEN", "RESOLVED");
  private static final List<String> KINDS = Arrays.stream(Kind.values()).map(Kind::name).toList();

  private final Transactions transactions;
  private final Caller caller;
  private final InstantSource business;

  DiscrepancyResource(Transactions transactions, Caller caller, @Business InstantSource business) {
    this.transactions = transactions;
    this.caller = caller;
    this.business = business;
  }

  /** Filters of the list; all must hold. */
  public static class Filter {
    @QueryParam("site")
    @Nullable String site;

    @QueryParam("delivery")
    @Nullable String delivery;

    @QueryParam("serial")
    @Nullable String serial;

    @QueryParam("kind")
    @Nullable String kind;

    @QueryParam("state")
    @Nullable String state;

    KeysetQuery<DiscrepancyEntity> query() {
      known("state", state, STATES);
      known("kind", kind, KINDS);
      return new KeysetQuery<>(DiscrepancyEntity.class, "listKey")
          .where("siteId", site)
          .where("deliveryId", delivery)
          .where("serial", serial)
          .where("kind", kind)
          .where("state", state);
    }

    private static void known(String parameter, @Nullable String value, List<String> values) {
      if (value != null && !values.contains(value)) {
        throw ProblemType.INVALID_PARAMETER
            .because("There is no " + parameter + " '" + value + "'.")
            .at(parameter, "must be one of " + values);
      }
    }
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "What differs from what was announced",
      description =
          "MISSING_HOST, UNKNOWN_SERIAL, RETIRED_HOST, OTHER_SITE, WRONG_GPU_COUNT,"
              + " WRONG_GPU_MODEL, DUPLICATE_GPU, GPU_CHANGED, UNHEALTHY_GPU, NO_POWER; by site,"
              + " delivery, serial, kind and state.")
  public Uni<Page<DiscrepancyView>> list(@BeanParam Filter filter, @BeanParam PageRequest page) {
    KeysetQuery<DiscrepancyEntity> query = filter.query();
    return transactions.asPlatform(s -> query.page(s, page, DiscrepancyView::of, d -> d.listKey));
  }

  @GET
  @Path("/{discrepancy}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One discrepancy")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DiscrepancyView.class)))
  public Uni<Response> get(@PathParam("discrepancy") String id) {
    return transactions.asPlatform(s -> load(s, id)).map(DiscrepancyResource::ok);
  }

  @POST
  @Path("/{discrepancy}/resolve")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Say what was done about a discrepancy",
      description =
          "It is opened again when the next look finds the same. Needs If-Match; 409 when it is"
              + " resolved already.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DiscrepancyView.class)))
  public Uni<Response> resolve(
      @PathParam("discrepancy") String id,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull(message = "a body with the note is required") @Valid ResolveRequest request) {
    String actor = caller.username();
    return transactions
        .asPlatform(
            s ->
                load(s, id)
                    .invoke(d -> requireOpen(d, ifMatch))
                    .chain(d -> end(s, d, actor, request.note()))
                    .invoke(s::clear)
                    .chain(() -> load(s, id)))
        .map(DiscrepancyResource::ok);
  }

  private static void requireOpen(DiscrepancyEntity d, @Nullable String ifMatch) {
    ETags.require(ifMatch, d.version);
    if (!d.state.equals("OPEN")) {
      throw ProblemType.STATE_CONFLICT
          .because("The discrepancy was resolved by %s.".formatted(d.resolvedBy))
          .with("state", d.state);
    }
  }

  private Uni<Void> end(Mutiny.Session s, DiscrepancyEntity d, String actor, String note) {
    return Sql.update(
            s,
            """
            update discrepancy set state = 'RESOLVED', resolved_at = ?3, resolved_by = ?4,
              note = ?5, version = version + 1
            where id = ?1 and version = ?2""",
            d.id,
            d.version,
            business.instant().atOffset(ZoneOffset.UTC),
            actor,
            note)
        .invoke(
            n -> {
              if (n == 0) {
                throw ProblemType.VERSION_MISMATCH.because("It was changed meanwhile.");
              }
            })
        .replaceWithVoid();
  }

  private static Uni<DiscrepancyEntity> load(Mutiny.Session s, String id) {
    return s.find(DiscrepancyEntity.class, uuid(id)).onItem().ifNull().failWith(() -> unknown(id));
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw unknown(id);
    }
  }

  private static ProblemException unknown(String id) {
    return ProblemType.NOT_FOUND.because("There is no discrepancy '" + id + "'.");
  }

  private static Response ok(DiscrepancyEntity d) {
    return Response.ok(DiscrepancyView.of(d)).header("ETag", ETags.of(d.version)).build();
  }
}
