package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.forward.ForwardConfig;
import dev.gpucloud.inventory.forward.Owner;
import dev.gpucloud.inventory.placement.Openings.Opening;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.kit.lease.Leases;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The pools this replica owns, and who owns the others. It renews its leases, takes the lease of
 * every pool that has no owner, loads the pool from its rows and publishes where it is reached; a
 * pool whose lease was lost is closed. The lease's epoch is checked in every transaction, so an
 * owner that wakes up late cannot commit.
 */
@ApplicationScoped
public class Pools {
  private static final Logger LOG = Logger.getLogger(Pools.class);
  private static final int TAKEN_AT_ONCE = 4;

  private final WriterParts parts;
  private final Leases leases;
  private final CatalogueCache catalogue;
  private final PlacementThread thread;
  private final Vertx vertx;
  private final Owner self;
  private final Map<String, PoolWriter> owned = new TreeMap<>();
  private final Openings openings = new Openings();
  private final Map<String, Long> revisions = new HashMap<>();
  private final Map<String, OffsetDateTime> firstSeen = new HashMap<>();
  private final long startedNanos = System.nanoTime();
  private List<KnownPool> known = List.of();
  private boolean seen;
  private volatile boolean ready;
  private volatile boolean stopped;
  private @Nullable Uni<Void> looking;
  private @Nullable Uni<Void> taking;

  Pools(
      WriterParts parts,
      Leases leases,
      CatalogueCache catalogue,
      PlacementThread thread,
      Vertx vertx,
      ForwardConfig forward,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.parts = parts;
    this.leases = leases;
    this.catalogue = catalogue;
    this.thread = thread;
    this.vertx = vertx;
    this.self =
        new Owner(UUID.randomUUID().toString(), "http://%s:%d".formatted(forward.host(), port));
  }

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
              return each(names, pool -> leases.release(OwnedPool.leaseName(pool), self.holder()));
            })
        .await()
        .atMost(Duration.ofSeconds(3));
  }

  /** By then a lease that is still taken is another living owner's. */
  private boolean leasesHaveEnded() {
    long nanos = System.nanoTime() - startedNanos;
    return nanos > parts.config().lease().plus(parts.config().renewal()).toNanos();
  }

  /** Whether every pool has a living owner, or leases of owners that died have ended. */
  public boolean isReady() {
    return ready;
  }

  /** The name under which this replica holds leases. */
  String holder() {
    return self.holder();
  }

  /** Continues on the placement thread with what an asynchronous step brings. */
  <T> Uni<T> onThread(Uni<T> step) {
    return thread.here(step);
  }

  /** On the placement thread: all pools, as last looked at. */
  List<KnownPool> known() {
    return known;
  }

  /** On the placement thread: whether the pools are known; the first who ask wait for a look. */
  Uni<Boolean> areKnown() {
    return seen ? Uni.createFrom().item(true) : look().map(v -> seen);
  }

  /** On the placement thread: the pools that are not owned here. */
  List<KnownPool> others() {
    return known.stream().filter(pool -> !owned.containsKey(pool.id())).toList();
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
                      openings.outdateAll();
                      List.copyOf(owned.values()).forEach(this::reread);
                      Uni<Void> before = looking;
                      return before == null ? look() : before.chain(this::look);
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

  /**
   * On the placement thread: renews what is owned and takes what is free; whoever asks meanwhile
   * waits for the same look. Never fails.
   */
  Uni<Void> look() {
    Uni<Void> underWay = looking;
    if (stopped) {
      return Uni.createFrom().voidItem();
    }
    if (underWay != null) {
      return underWay.chain(this::take);
    }
    Uni<Void> started =
        thread
            .here(
                parts
                    .transaction(PoolRows::known)
                    .chain(this::follow)
                    .ifNoItem()
                    .after(parts.config().lease())
                    .fail())
            .onFailure()
            .invoke(f -> LOG.warnf("pools are not looked at: %s", f.toString()))
            .onFailure()
            .recoverWithNull()
            .eventually(this::looked)
            .memoize()
            .indefinitely();
    looking = started;
    return started.chain(this::take);
  }

  private void looked() {
    looking = null;
  }

  private void took() {
    taking = null;
  }

  private Uni<Void> follow(List<KnownPool> rows) {
    boolean changed =
        rows.stream()
            .anyMatch(row -> !Long.valueOf(row.revision()).equals(revisions.get(row.id())));
    Uni<Void> current =
        changed || !ready ? thread.here(catalogue.refresh()) : Uni.createFrom().voidItem();
    return current
        .invoke(
            () -> {
              rows.forEach(this::hearOf);
              known = rows;
              seen = true;
            })
        .chain(() -> each(rows.stream().filter(this::isMine).toList(), this::acquire));
  }

  /** Another replica may have changed the hosts or the site of a pool that is owned here. */
  private void hearOf(KnownPool row) {
    Long before = revisions.put(row.id(), row.revision());
    if (before != null && before != row.revision()) {
      openings.outdate(row.id());
      Optional.ofNullable(owned.get(row.id())).ifPresent(this::reread);
    }
    if (row.leaseEnd() != null) {
      firstSeen.putIfAbsent(row.id(), row.leaseEnd());
    }
  }

  private boolean isMine(KnownPool row) {
    return owned.containsKey(row.id()) || self.holder().equals(row.holder());
  }

  /**
   * An owner that hangs may hold its lease's row until the database ends its transaction, so taking
   * does not hold up renewing.
   */
  private Uni<Void> take() {
    Uni<Void> underWay = taking;
    if (underWay != null) {
      return underWay;
    }
    List<KnownPool> free =
        known.stream().filter(row -> row.free() && !owned.containsKey(row.id())).toList();
    if (free.isEmpty() || stopped) {
      judge();
      return Uni.createFrom().voidItem();
    }
    Uni<Void> started =
        Multi.createFrom()
            .iterable(free)
            .onItem()
            .transformToUni(this::acquire)
            .merge(TAKEN_AT_ONCE)
            .toUni()
            .replaceWithVoid()
            .onFailure()
            .invoke(f -> LOG.warnf("pools without an owner are not taken: %s", f.toString()))
            .onFailure()
            .recoverWithNull()
            .invoke(this::judge)
            .eventually(this::took)
            .memoize()
            .indefinitely();
    taking = started;
    return thread.here(started);
  }

  private void judge() {
    ready = ready || seen && (known.stream().allMatch(this::hasLivingOwner) || leasesHaveEnded());
  }

  /** A lease that was renewed since it was first seen is a living owner's. */
  private boolean hasLivingOwner(KnownPool row) {
    return owned.containsKey(row.id())
        || row.owner() != null
            && row.leaseEnd() != null
            && !row.leaseEnd().equals(firstSeen.get(row.id()));
  }

  private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (T item : items) {
      done = done.chain(() -> work.apply(item));
    }
    return done;
  }

  private Uni<Void> acquire(KnownPool row) {
    return thread
        .here(
            leases.tryAcquire(OwnedPool.leaseName(row.id()), self.holder(), parts.config().lease()))
        .chain(
            lease -> {
              PoolWriter mine = owned.get(row.id());
              if (lease.isEmpty()) {
                lose(row.id());
                return Uni.createFrom().voidItem();
              }
              long epoch = lease.get().epoch();
              if (mine != null && mine.pool().epoch() == epoch
                  || openings.isUnderWay(row.id(), epoch)) {
                return Uni.createFrom().voidItem();
              }
              lose(row.id());
              return open(row, epoch);
            });
  }

  private void lose(String pool) {
    openings.drop(pool);
    PoolWriter writer = owned.remove(pool);
    if (writer != null) {
      LOG.warnf("pool %s has another owner", pool);
      writer.close();
    }
  }

  private Uni<Void> open(KnownPool row, long epoch) {
    Catalogue current = catalogue.current();
    SiteFacts site = current.sites().get(row.site());
    GpuGeometry geometry = current.models().get(row.model());
    if (site == null || geometry == null) {
      return Uni.createFrom().voidItem();
    }
    Opening opening = openings.begin(row.id(), epoch);
    return parts
        .transaction(
            c ->
                c.preparedQuery(
                        """
                        update pool set epoch = $2, owner = $3, owner_address = $4
                        where id = $1 and epoch <= $2""")
                    .execute(Tuple.of(row.id(), epoch, self.holder(), self.address()))
                    .chain(() -> PoolRows.hosts(c, row.id())))
        .invoke(hosts -> opened(row, site, opening, new PoolIndex(geometry, hosts), hosts))
        .onTermination()
        .invoke(() -> openings.end(row.id(), opening))
        .replaceWithVoid();
  }

  private void opened(
      KnownPool row, SiteFacts site, Opening opening, PoolIndex index, List<HostSlots> hosts) {
    if (stopped || !openings.end(row.id(), opening)) {
      return;
    }
    OwnedPool pool =
        new OwnedPool(row.id(), row.model(), site, self.holder(), opening.epoch(), index);
    PoolWriter writer = new PoolWriter(pool, parts, this::lost);
    owned.put(row.id(), writer);
    LOG.infof("owns pool %s: epoch %d, %d hosts", row.id(), opening.epoch(), hosts.size());
    if (opening.isOutdated()) {
      reread(writer);
    }
  }

  private void lost(PoolWriter writer) {
    owned.remove(writer.pool().id(), writer);
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
