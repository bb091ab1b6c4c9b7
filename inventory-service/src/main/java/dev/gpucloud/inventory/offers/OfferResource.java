package dev.gpucloud.inventory.offers;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.offers.FleetRoom.PoolRoom;
import dev.gpucloud.inventory.offers.FleetRoom.Survey;
import dev.gpucloud.inventory.offers.InstanceTypeView.SiteAvailability;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.page.Page;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Instance types with their list price and what fits now. Only sites that the caller may use are
 * shown.
 */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@ApiKeyAccess
@Tag(name = "Offers")
public class OfferResource {
  private final CatalogueCache catalogue;
  private final FleetRoom room;
  private final Prices prices;
  private final VisibleSites sites;

  OfferResource(CatalogueCache catalogue, FleetRoom room, Prices prices, VisibleSites sites) {
    this.catalogue = catalogue;
    this.room = room;
    this.prices = prices;
    this.sites = sites;
  }

  @GET
  @Path("/instance-types")
  @Operation(summary = "All instance types with list price and availability by site")
  public Uni<Page<InstanceTypeView>> types() {
    return views(List.copyOf(catalogue.current().types().values()))
        .map(views -> new Page<>(views, null));
  }

  @GET
  @Path("/instance-types/{type}")
  @Operation(summary = "One instance type")
  public Uni<InstanceTypeView> type(@PathParam("type") String id) {
    OfferedShape shape =
        catalogue
            .current()
            .type(id)
            .orElseThrow(
                () -> ProblemType.NOT_FOUND.because("There is no instance type '" + id + "'."));
    return views(List.of(shape)).map(List::getFirst);
  }

  private Uni<List<InstanceTypeView>> views(List<OfferedShape> types) {
    return prices
        .current()
        .chain(
            list ->
                visible(null, null)
                    .map(
                        seen ->
                            types.stream()
                                .map(type -> view(type, list, availability(type.id(), seen)))
                                .toList()));
  }

  private static InstanceTypeView view(
      OfferedShape type, Prices.PriceList prices, List<SiteAvailability> availability) {
    return new InstanceTypeView(
        type.id(),
        type.model(),
        type.shape().gpus(),
        type.migProfile(),
        type.shape().slices(),
        type.shape().vcpus(),
        type.shape().memoryGib(),
        prices.of(type).orElse(null),
        availability.stream().mapToInt(SiteAvailability::instances).sum(),
        availability);
  }

  private static List<SiteAvailability> availability(String type, Survey seen) {
    return seen.pools().stream()
        .flatMap(
            pool ->
                pool.types().stream()
                    .filter(room -> room.id().equals(type))
                    .map(room -> new SiteAvailability(pool.site(), room.free())))
        .sorted(Comparator.comparing(SiteAvailability::site))
        .toList();
  }

  /** The pools at sites that the caller may use. */
  private Uni<Survey> visible(@Nullable String site, @Nullable String model) {
    return sites
        .ofCaller()
        .chain(
            mine ->
                room.recent()
                    .map(
                        seen ->
                            new Survey(
                                seen.pools().stream()
                                    .filter(pool -> isWanted(pool, mine, site, model))
                                    .toList(),
                                seen.asOf())));
  }

  private static boolean isWanted(
      PoolRoom pool, Set<String> mine, @Nullable String site, @Nullable String model) {
    return mine.contains(pool.site())
        && (site == null || site.equals(pool.site()))
        && (model == null || model.equals(pool.model()));
  }

  @GET
  @Path("/capacity")
  @Operation(
      summary = "Room by site and GPU model, with what fits of each instance type",
      description =
          "Sites that the caller may not use are left out. level is NONE, LOW (under 10 % of what"
              + " there is), MEDIUM (under 40 %) or HIGH: of the memory slices for a model, of the"
              + " instances that would fit if nothing were held for a type. asOf says when the"
              + " pools were asked, at most gpucloud.offers.room-age ago (1 s), and epoch which"
              + " owner of the pool answered; a placement is always decided on the room as it is.")
  public Uni<Page<CapacityView>> capacity(
      @QueryParam("site") @Nullable String site, @QueryParam("model") @Nullable String model) {
    Catalogue known = catalogue.current();
    return visible(site, model)
        .map(
            seen ->
                seen.pools().stream()
                    .map(
                        pool ->
                            CapacityView.of(
                                pool,
                                known.site(pool.site()).map(SiteFacts::region).orElse(""),
                                seen.asOf()))
                    .toList())
        .map(views -> new Page<>(views, null));
  }
}
