package dev.gpucloud.inventory.topology;

import dev.gpucloud.inventory.placement.Pools;
import dev.gpucloud.inventory.topology.TopologyEdits.Edit;
import dev.gpucloud.inventory.topology.TopologyPatch.HallPatch;
import dev.gpucloud.inventory.topology.TopologyPatch.SitePatch;
import dev.gpucloud.inventory.topology.TopologyViews.ChangeView;
import dev.gpucloud.inventory.topology.TopologyViews.HallView;
import dev.gpucloud.inventory.topology.TopologyViews.RegionView;
import dev.gpucloud.inventory.topology.TopologyViews.SiteView;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Regions, sites and halls for platform admins and auditors; the fleet import makes them. */
@Path("/api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Topology")
public class TopologyResource {
  private static final Logger LOG = Logger.getLogger(TopologyResource.class);
  private static final String IF_MATCH = "If-Match";
  private static final String BODY = "a body with the reason is required";

  private final Transactions transactions;
  private final TopologyEdits edits;
  private final Pools pools;
  private final Caller caller;

  TopologyResource(Transactions transactions, TopologyEdits edits, Pools pools, Caller caller) {
    this.transactions = transactions;
    this.edits = edits;
    this.pools = pools;
    this.caller = caller;
  }

  @GET
  @Path("/regions")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Regions with their sites and hosts counted")
  public Uni<Page<RegionView>> regions(@BeanParam PageRequest page) {
    return transactions.asPlatform(s -> TopologyQueries.regions().page(s, page));
  }

  @GET
  @Path("/sites")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Sites with the power they have and what is booked",
      description = "By region, country and label=key=value.")
  public Uni<Page<SiteView>> sites(
      @QueryParam("region") @Nullable String region,
      @QueryParam("country") @Nullable String country,
      @QueryParam("label") @Nullable String label,
      @BeanParam PageRequest page) {
    TopologyRows<SiteView> rows =
        TopologyQueries.sites()
            .where("t.region_id", region)
            .where("t.country", country)
            .label(label);
    return transactions.asPlatform(s -> rows.page(s, page));
  }

  @GET
  @Path("/sites/{site}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One site")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SiteView.class)))
  public Uni<Response> site(@PathParam("site") String id) {
    return transactions
        .asPlatform(s -> TopologyQueries.sites().one(s, "site", id))
        .map(TopologyResource::ok);
  }

  @PATCH
  @Path("/sites/{site}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Change labels, power or CSAP zone of a site",
      description = "Needs If-Match and a reason. Power stays above what is booked.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SiteView.class)))
  public Uni<Response> patchSite(
      @PathParam("site") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid SitePatch patch) {
    Edit edit = new Edit("site", id, ifMatch, caller.username(), patch.reason());
    return transactions
        .asPlatform(
            s -> edits.site(s, edit, patch).chain(() -> TopologyQueries.sites().one(s, "site", id)))
        .call(this::reread)
        .map(TopologyResource::ok);
  }

  /** The change is committed: reading it can wait for the next look at the pools. */
  private Uni<Void> reread() {
    return pools
        .refresh()
        .onFailure()
        .invoke(f -> LOG.warnf("the changed site is not read yet: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  @GET
  @Path("/sites/{site}/history")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Changes of a site with actor and reason")
  public Uni<Page<ChangeView>> siteHistory(
      @PathParam("site") String id, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            TopologyQueries.sites()
                .one(s, "site", id)
                .chain(() -> edits.history(s, "site", id, page)));
  }

  @GET
  @Path("/halls")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Halls with power, cooling and what is booked",
      description = "By site and label=key=value.")
  public Uni<Page<HallView>> halls(
      @QueryParam("site") @Nullable String site,
      @QueryParam("label") @Nullable String label,
      @BeanParam PageRequest page) {
    TopologyRows<HallView> rows = TopologyQueries.halls().where("t.site_id", site).label(label);
    return transactions.asPlatform(s -> rows.page(s, page));
  }

  @GET
  @Path("/halls/{hall}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One hall")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HallView.class)))
  public Uni<Response> hall(@PathParam("hall") String id) {
    return transactions
        .asPlatform(s -> TopologyQueries.halls().one(s, "hall", id))
        .map(TopologyResource::ok);
  }

  @PATCH
  @Path("/halls/{hall}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Change labels, power or cooling of a hall",
      description = "Needs If-Match and a reason. Both stay above what is booked.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = HallView.class)))
  public Uni<Response> patchHall(
      @PathParam("hall") String id,
      @HeaderParam(IF_MATCH) @Nullable String ifMatch,
      @NotNull(message = BODY) @Valid HallPatch patch) {
    Edit edit = new Edit("hall", id, ifMatch, caller.username(), patch.reason());
    return transactions
        .asPlatform(
            s -> edits.hall(s, edit, patch).chain(() -> TopologyQueries.halls().one(s, "hall", id)))
        .map(TopologyResource::ok);
  }

  @GET
  @Path("/halls/{hall}/history")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Changes of a hall with actor and reason")
  public Uni<Page<ChangeView>> hallHistory(
      @PathParam("hall") String id, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            TopologyQueries.halls()
                .one(s, "hall", id)
                .chain(() -> edits.history(s, "hall", id, page)));
  }

  private static Response ok(SiteView site) {
    return Response.ok(site).header("ETag", ETags.of(site.version())).build();
  }

  private static Response ok(HallView hall) {
    return Response.ok(hall).header("ETag", ETags.of(hall.version())).build();
  }
}
