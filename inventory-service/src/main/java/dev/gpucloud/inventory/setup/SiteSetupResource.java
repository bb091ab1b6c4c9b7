package dev.gpucloud.inventory.setup;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What a site provides beside GPUs: what its driver declares, and its private addresses. */
@Path("/api/v1/admin/sites/{site}/setup")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class SiteSetupResource {
  private static final String READ =
      """
      select d.driver, array_to_string(d.capabilities, ','), cast(n.range as text),
        n.prefix_length,
        (select count(*) from project_network p where p.site_id = t.id)
      from site t left join site_driver d on d.site_id = t.id
      left join site_network n on n.site_id = t.id where t.id = ?1""";

  private final Transactions transactions;

  SiteSetupResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Driver and network of a site; {@code projectNetworks} are those cut from it so far. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SiteSetupView(
      String site,
      @Nullable String driver,
      List<String> capabilities,
      @Nullable String networkRange,
      @Nullable Integer networkPrefixLength,
      long projectNetworks) {}

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "What a site provides beside GPUs")
  public Uni<SiteSetupView> get(@PathParam("site") String site) {
    return transactions.asPlatform(s -> load(s, site));
  }

  private static Uni<SiteSetupView> load(Mutiny.Session s, String site) {
    return Sql.rows(s, READ, site)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw noSite(site);
              }
              return view(site, rows.getFirst());
            });
  }

  private static ProblemException noSite(String site) {
    return ProblemType.NOT_FOUND.because("There is no site '" + site + "'.");
  }

  private static SiteSetupView view(String site, Object[] row) {
    String capabilities = (String) row[1];
    return new SiteSetupView(
        site,
        (String) row[0],
        capabilities == null || capabilities.isEmpty()
            ? List.of()
            : List.of(capabilities.split(",")),
        (String) row[2],
        row[3] == null ? null : ((Number) row[3]).intValue(),
        ((Number) row[4]).longValue());
  }

  @PUT
  @Path("/network")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Set the private addresses of a site",
      description =
          "Instances that are placed there from now on have one. A range from which networks were"
              + " cut can only grow.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SiteSetupView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: networks were cut from it.")
  public Uni<SiteSetupView> network(
      @PathParam("site") String site,
      @NotNull(message = "a body is required") @Valid SiteNetworkRequest request) {
    Cidr range =
        Cidr.parse(request.range())
            .orElseThrow(
                () ->
                    ProblemType.VALIDATION_FAILED
                        .because("The range is no IPv4 range.")
                        .at("/range", "must be such as 10.64.0.0/12, no bits behind its prefix"));
    if (range.prefixLength() > request.prefixLength()) {
      throw ProblemType.VALIDATION_FAILED
          .because("A project's network must fit into the range.")
          .at("/prefixLength", "must be at least " + range.prefixLength());
    }
    return transactions.asPlatform(
        s ->
            load(s, site)
                .invoke(before -> refuseShrinking(before, request))
                .chain(() -> write(s, site, request))
                .chain(() -> load(s, site)));
  }

  private static void refuseShrinking(SiteSetupView before, SiteNetworkRequest request) {
    if (before.projectNetworks() == 0) {
      return;
    }
    Cidr old = Cidr.parse(String.valueOf(before.networkRange())).orElseThrow();
    Cidr next = Cidr.parse(request.range()).orElseThrow();
    boolean grows =
        next.base() == old.base()
            && next.prefixLength() <= old.prefixLength()
            && request.prefixLength().equals(before.networkPrefixLength());
    if (!grows) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "%d networks were cut from %s; it can only grow at its end."
                  .formatted(before.projectNetworks(), before.networkRange()))
          .with("projectNetworks", before.projectNetworks());
    }
  }

  private static Uni<Integer> write(Mutiny.Session s, String site, SiteNetworkRequest request) {
    return Sql.update(
        s,
        """
        insert into site_network (site_id, range, prefix_length)
        values (?1, cast(cast(?2 as text) as cidr), ?3)
        on conflict (site_id) do update set range = excluded.range,
          prefix_length = excluded.prefix_length, version = site_network.version + 1""",
        site,
        request.range(),
        request.prefixLength());
  }
}
