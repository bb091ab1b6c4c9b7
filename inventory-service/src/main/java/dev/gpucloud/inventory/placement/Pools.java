package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.kit.lease.Leases;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The pools this replica owns. It takes the lease of every pool that has no owner, loads the pool
 * from its rows and renews the lease; a pool whose lease was lost is closed. The lease's epoch is
 * checked in every transaction, so an owner that wakes up late cannot commit.
 */
@ApplicationScoped
public class Pools {
  private static final Logger LOG = Logger.getLogger(Pools.class);

  private final WriterParts parts;
  private final Leases leases;
  private final CatalogueCache catalogue;
  private final PlacementThread thread;
  private final Vertx vertx;
  private final String holder = UUID.randomUUID().toString();
  private final Map<String, PoolWriter> owned = new TreeMap<>();
  private final long startedNanos = System.nanoTime();
  private List<PoolRow> known = List.of();
  private volatile boolean ready;
  private volatile boolean stopped;
  private boolean looking;

  Pools(
      WriterParts parts,
      Leases leases,
      CatalogueCache catalogue,
      PlacementThread thread,
      Vertx vertx) {
    this.parts = parts;
    this.leases = leases;
    this.catalogue = catalogue;
    this.thread = thread;
    this.vertx = vertx;
  }

  private record PoolRow(String id, String site, String model) {}

  void start(@Observes StartupEvent event) {
    vertx.setPeriodic(
        1,
        parts.config().renewal().toMillis(),
        t -> thread.run(this::look).subscribe().with(v -> {}));
    vertx.setPeriodic(
        parts.config().sweep().toMillis(), t -> thread.run(this::sweep).subscribe().with(v -> {}));
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    thread
        .run(
            () -> {
              List<String> names = List.copyOf(owned.keySet());
              owned.values().forEach(PoolWriter::close);
              owned.clear();
              return each(names, pool -> leases.release(OwnedPool.leaseName(pool), holder));
            })
        .await()
        .atMost(Duration.ofSeconds(3));
  }

  /** By then a lease that is still taken is another living owner's. */
  private boolean leasesHaveEnded() {
    long nanos = System.nanoTime() - startedNanos;
    return nanos > parts.config().lease().plus(parts.config().renewal()).toNanos();
  }

  /** On the placement thread: whether a pool that may take the demand is not owned here. */
  boolean isOwnedElsewhere(Demand demand) {
    return known.stream()
        .filter(row -> row.model().equals(demand.model()) && !owned.containsKey(row.id()))
        .map(row -> catalogue.current().sites().get(row.site()))
        .anyMatch(site -> site == null || demand.mayUse(site));
  }

  /** Whether this replica owns every pool, or has waited long enough for leases to end. */
  public boolean isReady() {
    return ready;
  }

  /** On the placement thread: the writers of the pools owned here. */
  Collection<PoolWriter> writers() {
    return owned.values();
  }

  /** On the placement thread: the writer of a pool, if it is owned here. */
  Optional<PoolWriter> writer(String pool) {
    return Optional.ofNullable(owned.get(pool));
  }

  /** Reads the catalogue and all pools owned here anew, and takes new ones. */
  public Uni<Void> refresh() {
    return catalogue
        .refresh()
        .chain(
            () ->
                thread.run(
                    () -> {
                      List.copyOf(owned.values()).forEach(this::reread);
                      return look();
                    }));
  }

  /** A pool whose site has new rules is opened anew; any other reads its hosts again. */
  private void reread(PoolWriter writer) {
    OwnedPool pool = writer.pool();
    if (pool.site().equals(catalogue.current().sites().get(pool.site().id()))) {
      writer.refresh();
    } else {
      owned.remove(pool.id());
      writer.close();
    }
  }

  private Uni<Void> look() {
    if (looking || stopped) {
      return Uni.createFrom().voidItem();
    }
    looking = true;
    Uni<Void> catalogueRead =
        ready ? Uni.createFrom().voidItem() : thread.here(catalogue.refresh());
    return catalogueRead
        .chain(this::poolRows)
        .chain(
            rows -> {
              known = rows;
              return each(rows, this::acquire);
            })
        .invoke(() -> ready = ready || owned.size() == known.size() || leasesHaveEnded())
        .onFailure()
        .invoke(f -> LOG.warnf("pools are not looked at: %s", f.toString()))
        .onFailure()
        .recoverWithNull()
        .eventually(() -> looking = false);
  }

  private Uni<List<PoolRow>> poolRows() {
    return parts.transaction(
        c ->
            c.query("select id, site_id, model_id from pool order by id")
                .execute()
                .map(
                    rows -> {
                      List<PoolRow> pools = new ArrayList<>();
                      for (Row row : rows) {
                        pools.add(
                            new PoolRow(row.getString(0), row.getString(1), row.getString(2)));
                      }
                      return pools;
                    }));
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }

  private Uni<Void> acquire(PoolRow row) {
    return thread
        .here(leases.tryAcquire(OwnedPool.leaseName(row.id()), holder, parts.config().lease()))
        .chain(
            lease -> {
              PoolWriter mine = owned.get(row.id());
              if (lease.isEmpty()) {
                lose(row.id());
                return Uni.createFrom().voidItem();
              }
              if (mine != null && mine.pool().epoch() == lease.get().epoch()) {
                return Uni.createFrom().voidItem();
              }
              lose(row.id());
              return open(row, lease.get().epoch());
            });
  }

  private void lose(String pool) {
    PoolWriter writer = owned.remove(pool);
    if (writer != null) {
      LOG.warnf("pool %s has another owner", pool);
      writer.close();
    }
  }

  private Uni<Void> open(PoolRow row, long epoch) {
    Catalogue known = catalogue.current();
    SiteFacts site = known.sites().get(row.site());
    GpuGeometry geometry = known.models().get(row.model());
    if (site == null || geometry == null) {
      return Uni.createFrom().voidItem();
    }
    return parts
        .transaction(
            c ->
                c.preparedQuery("update pool set epoch = $2 where id = $1 and epoch < $2")
                    .execute(Tuple.of(row.id(), epoch))
                    .chain(() -> PoolRows.hosts(c, row.id())))
        .invoke(hosts -> opened(row, site, epoch, new PoolIndex(geometry, hosts), hosts))
        .replaceWithVoid();
  }

  private void opened(
      PoolRow row, SiteFacts site, long epoch, PoolIndex index, List<HostSlots> hosts) {
    if (stopped) {
      return;
    }
    OwnedPool pool = new OwnedPool(row.id(), row.model(), site, holder, epoch, index);
    owned.put(row.id(), new PoolWriter(pool, parts, () -> owned.remove(row.id())));
    LOG.infof("owns pool %s: epoch %d, %d hosts", row.id(), epoch, hosts.size());
  }

  private Uni<Void> sweep() {
    return each(List.copyOf(owned.values()), this::sweep)
        .onFailure()
        .invoke(f -> LOG.warnf("releases are not swept: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweep(PoolWriter writer) {
    return parts
        .transaction(c -> PoolRows.proven(c, writer.pool().id()))
        .invoke(
            ids ->
                ids.forEach(
                    id -> writer.submit(new Task.Release(id)).subscribe().with(outcome -> {})))
        .replaceWithVoid();
  }
}
