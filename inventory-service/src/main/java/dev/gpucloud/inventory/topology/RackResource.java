package dev.gpucloud.inventory.topology;

import dev.gpucloud.inventory.topology.TopologyEdits.Edit;
import dev.gpucloud.inventory.topology.TopologyPatch.LabelsPatch;
import dev.gpucloud.inventory.topology.TopologyViews.FabricView;
import dev.gpucloud.inventory.topology.TopologyViews.NvlinkDomainView;
import dev.gpucloud.inventory.topology.TopologyViews.RackView;
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
import org.jspecify.annotations.Nullable;

/** Racks, fabrics and NVLink domains for platform admins and auditors; deliveries bring them. */
@Path("/api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Topology")
public class RackResource {
  private final Transactions transactions;
  private final TopologyEdits edits;
  private final Caller caller;

  RackResource(Transactions transactions, TopologyEdits edits, Caller caller) {
    this.transactions = transactions;
    this.edits = edits;
    this.caller = caller;
  }

  @GET
  @Path("/racks")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Racks with the power they may draw and what is booked",
      description = "By site, hall, fabric and label=key=value.")
  public Uni<Page<RackView>> racks(
      @QueryParam("site") @Nullable String site,
      @QueryParam("hall") @Nullable String hall,
      @QueryParam("fabric") @Nullable String fabric,
      @QueryParam("label") @Nullable String label,
      @BeanParam PageRequest page) {
    TopologyRows<RackView> rows =
        TopologyQueries.racks()
            .where("a.site_id", site)
            .where("t.hall_id", hall)
            .where("t.fabric_id", fabric)
            .label(label);
    return transactions.asPlatform(s -> rows.page(s, page));
  }

  @GET
  @Path("/racks/{rack}")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "One rack")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = RackView.class)))
  public Uni<Response> rack(@PathParam("rack") String id) {
    return transactions
        .asPlatform(s -> TopologyQueries.racks().one(s, "rack", id))
        .map(RackResource::ok);
  }

  @PATCH
  @Path("/racks/{rack}")
  @RolesAllowed("platform-admin")
  @Operation(summary = "Change the labels of a rack", description = "Needs If-Match and a reason.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = RackView.class)))
  public Uni<Response> patch(
      @PathParam("rack") String id,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @NotNull(message = "a body with the reason is required") @Valid LabelsPatch patch) {
    Edit edit = new Edit("rack", id, ifMatch, caller.username(), patch.reason());
    return transactions
        .asPlatform(
            s -> edits.rack(s, edit, patch).chain(() -> TopologyQueries.racks().one(s, "rack", id)))
        .map(RackResource::ok);
  }

  @GET
  @Path("/fabrics")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "InfiniBand fabrics", description = "By site, hall and delivery.")
  public Uni<Page<FabricView>> fabrics(
      @QueryParam("site") @Nullable String site,
      @QueryParam("hall") @Nullable String hall,
      @QueryParam("delivery") @Nullable String delivery,
      @BeanParam PageRequest page) {
    TopologyRows<FabricView> rows =
        TopologyQueries.fabrics()
            .where("a.site_id", site)
            .where("t.hall_id", hall)
            .where("t.delivery_id", delivery);
    return transactions.asPlatform(s -> rows.page(s, page));
  }

  @GET
  @Path("/nvlink-domains")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "NVLink domains of several hosts",
      description = "By site, hall, rack, fabric and model; hostsFree are entirely free.")
  public Uni<Page<NvlinkDomainView>> domains(
      @QueryParam("site") @Nullable String site,
      @QueryParam("hall") @Nullable String hall,
      @QueryParam("rack") @Nullable String rack,
      @QueryParam("fabric") @Nullable String fabric,
      @QueryParam("model") @Nullable String model,
      @BeanParam PageRequest page) {
    TopologyRows<NvlinkDomainView> rows =
        TopologyQueries.domains()
            .where("t.site_id", site)
            .where("t.hall_id", hall)
            .where("t.rack_id", rack)
            .where("t.fabric_id", fabric)
            .where("t.model_id", model);
    return transactions.asPlatform(s -> rows.page(s, page));
  }

  private static Response ok(RackView rack) {
    return Response.ok(rack).header("ETag", ETags.of(rack.version())).build();
  }
}
