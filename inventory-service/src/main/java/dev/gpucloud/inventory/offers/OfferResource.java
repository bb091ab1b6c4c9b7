package dev.gpucloud.inventory.offers;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Placement.PoolAnswer;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.inventory.quota.GpuCount;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Instance types with their list price and what fits now. Sites dedicated to a tenant that the
 * caller is no member of are not shown.
 */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Offers")
public class OfferResource {
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final Prices prices;
  private final Transactions transactions;
  private final Caller caller;
  private final InstantSource clock;

  OfferResource(
      CatalogueCache catalogue,
      Placement placement,
      Prices prices,
      Transactions transactions,
      Caller caller,
      @SystemClock InstantSource clock) {
    this.catalogue = catalogue;
    this.placement = placement;
    this.prices = prices;
    this.transactions = transactions;
    this.caller = caller;
    this.clock = clock;
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
                visibleSites()
                    .chain(sites -> placeable(types, sites))
                    .map(
                        fits ->
                            types.stream()
                                .map(type -> view(type, list, fits.get(type.id())))
                                .toList()));
  }

  private static InstanceTypeView view(
      OfferedShape type,
      Prices.PriceList prices,
      List<InstanceTypeView.SiteAvailability> availability) {
    return new InstanceTypeView(
        type.id(),
        type.model(),
        type.shape().gpus(),
        type.migProfile(),
        type.shape().slices(),
        type.shape().vcpus(),
        type.shape().memoryGib(),
        prices.of(type).orElse(null),
        availability.stream().mapToInt(InstanceTypeView.SiteAvailability::instances).sum(),
        availability);
  }

  /** One survey of all pools answers every type. */
  private Uni<Map<String, List<InstanceTypeView.SiteAvailability>>> placeable(
      List<OfferedShape> types, Set<String> sites) {
    return placement
        .surveyByModel(
            (model, index) -> {
              Map<String, Integer> fits = new LinkedHashMap<>();
              types.stream()
                  .filter(type -> type.model().equals(model))
                  .forEach(type -> fits.put(type.id(), index.placeable(type.shape())));
              return fits;
            })
        .map(
            pools -> {
              Map<String, List<InstanceTypeView.SiteAvailability>> byType = new LinkedHashMap<>();
              types.forEach(type -> byType.put(type.id(), bySite(type.id(), pools, sites)));
              return byType;
            });
  }

  private static List<InstanceTypeView.SiteAvailability> bySite(
      String type, List<PoolAnswer<Map<String, Integer>>> pools, Set<String> sites) {
    return pools.stream()
        .filter(pool -> sites.contains(pool.site()) && pool.answer().containsKey(type))
        .map(pool -> new InstanceTypeView.SiteAvailability(pool.site(), pool.answer().get(type)))
        .sorted(Comparator.comparing(InstanceTypeView.SiteAvailability::site))
        .toList();
  }

  private Uni<Set<String>> visibleSites() {
    boolean platform = caller.platformRoles().contains("platform-admin");
    String subject = caller.subject();
    Catalogue known = catalogue.current();
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    select t.slug, t.tenant_id from member_ref m
                    join tenant_ref t on t.tenant_id = m.tenant_id where m.subject = ?1""",
                    subject))
        .map(
            rows -> {
              Set<String> tenants = new HashSet<>();
              rows.forEach(row -> tenants.add((String) row[0]));
              Set<String> sites = new HashSet<>();
              for (SiteFacts site : known.sites().values()) {
                if (platform
                    || site.dedicatedTo() == null
                    || tenants.contains(site.dedicatedTo())) {
                  sites.add(site.id());
                }
              }
              return sites;
            });
  }

  /** Room of a pool: GPUs in all, wholly free ones, and free room with split GPUs counted. */
  public record CapacityView(
      String site,
      String region,
      String model,
      int hosts,
      long gpus,
      int gpusFree,
      BigDecimal gpusFreeWithSlices,
      String level,
      Instant asOf) {}

  @GET
  @Path("/capacity")
  @Operation(
      summary = "Room by site and GPU model",
      description = "level is NONE, LOW (under 10 % free), MEDIUM (under 40 %) or HIGH.")
  public Uni<Page<CapacityView>> capacity(
      @QueryParam("site") @Nullable String site, @QueryParam("model") @Nullable String model) {
    Instant now = clock.instant();
    return visibleSites()
        .chain(
            sites ->
                placement
                    .surveyByModel((m, index) -> index.room())
                    .map(
                        pools ->
                            pools.stream()
                                .filter(pool -> sites.contains(pool.site()))
                                .filter(pool -> site == null || site.equals(pool.site()))
                                .filter(pool -> model == null || model.equals(pool.model()))
                                .map(pool -> capacity(pool, now))
                                .toList()))
        .map(views -> new Page<>(views, null));
  }

  private CapacityView capacity(PoolAnswer<PoolIndex.Room> pool, Instant now) {
    PoolIndex.Room room = pool.answer();
    return new CapacityView(
        pool.site(),
        catalogue.current().site(pool.site()).map(SiteFacts::region).orElse(""),
        pool.model(),
        room.hosts(),
        room.totalSlices() / 8,
        room.wholeGpusFree(),
        GpuCount.ofSlices(room.freeSlices()),
        level(room),
        now);
  }

  private static String level(PoolIndex.Room room) {
    if (room.freeSlices() == 0) {
      return "NONE";
    }
    long percent = 100 * room.freeSlices() / room.totalSlices();
    return percent < 10 ? "LOW" : percent < 40 ? "MEDIUM" : "HIGH";
  }
}
