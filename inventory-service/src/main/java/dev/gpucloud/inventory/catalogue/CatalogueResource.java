package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.catalogue.CatalogueViews.DeliveryView;
import dev.gpucloud.inventory.catalogue.CatalogueViews.GpuModelView;
import dev.gpucloud.inventory.catalogue.CatalogueViews.HallView;
import dev.gpucloud.inventory.catalogue.CatalogueViews.SiteView;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The catalogue for platform admins and auditors; the fleet import changes it. */
@Path("/api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class CatalogueResource {
  private final Transactions transactions;

  CatalogueResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @Path("/gpu-models")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "GPU models with their MIG geometry")
  public Uni<Page<GpuModelView>> models(@BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(GpuModelEntity.class, "id")
                .page(s, page, GpuModelView::of, m -> m.id));
  }

  @GET
  @Path("/sites")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Sites, by region and country")
  public Uni<Page<SiteView>> sites(
      @QueryParam("region") @Nullable String region,
      @QueryParam("country") @Nullable String country,
      @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(SiteEntity.class, "id")
                .where("regionId", region)
                .where("country", country)
                .page(s, page, SiteView::of, site -> site.id));
  }

  @GET
  @Path("/halls")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Halls, by site")
  public Uni<Page<HallView>> halls(
      @QueryParam("site") @Nullable String site, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(HallEntity.class, "id")
                .where("siteId", site)
                .page(s, page, HallView::of, hall -> hall.id));
  }

  @GET
  @Path("/deliveries")
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Deliveries, by site, model and state")
  public Uni<Page<DeliveryView>> deliveries(
      @QueryParam("site") @Nullable String site,
      @QueryParam("model") @Nullable String model,
      @QueryParam("state") @Nullable String state,
      @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s ->
            new KeysetQuery<>(DeliveryEntity.class, "id")
                .where("siteId", site)
                .where("modelId", model)
                .where("state", state)
                .page(s, page, DeliveryView::of, delivery -> delivery.id));
  }
}
