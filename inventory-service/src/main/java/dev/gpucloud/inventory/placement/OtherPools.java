package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of the pools that are not owned here, read from their rows when somebody asks and no
 * older than configured. They serve answers that take nothing: what is free, where something would
 * go, why nothing fits. Used on the {@link PlacementThread} only.
 */
@ApplicationScoped
class OtherPools {
  private static final Logger LOG = Logger.getLogger(OtherPools.class);

  private final WriterParts parts;
  private final CatalogueCache catalogue;
  private Map<String, PoolView> views = Map.of();
  private long readAtNanos;
  private @Nullable Uni<Void> reading;

  OtherPools(WriterParts parts, CatalogueCache catalogue) {
    this.parts = parts;
    this.catalogue = catalogue;
  }

  /** The pictures of these pools by id, without those of which the catalogue lacks the site. */
  Uni<Map<String, PoolView>> of(List<KnownPool> pools) {
    if (pools.isEmpty()) {
      views = Map.of();
      return Uni.createFrom().item(views);
    }
    boolean fresh =
        System.nanoTime() - readAtNanos < parts.config().viewAge().toNanos()
            && pools.stream().allMatch(pool -> views.containsKey(pool.id()));
    return fresh ? Uni.createFrom().item(views) : read(pools).map(v -> views);
  }

  /** Whoever asks meanwhile waits for the same reading. */
  private Uni<Void> read(List<KnownPool> pools) {
    Uni<Void> underWay = reading;
    if (underWay != null) {
      return underWay;
    }
    Uni<Void> started =
        parts
            .transaction(c -> readAll(c, pools))
            .invoke(
                read -> {
                  views = read;
                  readAtNanos = System.nanoTime();
                })
            .onFailure()
            .invoke(f -> LOG.warnf("other replicas' pools are not read: %s", f.toString()))
            .replaceWithVoid()
            .eventually(this::done)
            .memoize()
            .indefinitely();
    reading = started;
    return started;
  }

  private void done() {
    reading = null;
  }

  private Uni<Map<String, PoolView>> readAll(SqlConnection c, List<KnownPool> pools) {
    Map<String, PoolView> read = new TreeMap<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (KnownPool pool : pools) {
      SiteFacts site = catalogue.current().sites().get(pool.site());
      GpuGeometry geometry = catalogue.current().models().get(pool.model());
      if (site != null && geometry != null) {
        done =
            done.chain(() -> PoolRows.hosts(c, pool.id()))
                .invoke(
                    hosts ->
                        read.put(
                            pool.id(),
                            new PoolView(site, pool.model(), new PoolIndex(geometry, hosts))))
                .replaceWithVoid();
      }
    }
    return done.map(v -> read);
  }
}
