package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.delivery.DeliveryEntity;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Keeps the catalogue in memory: read at start, after an import, and every ten seconds. */
@ApplicationScoped
public class CatalogueCache {
  private static final Logger LOG = Logger.getLogger(CatalogueCache.class);

  private final Transactions transactions;
  private volatile Catalogue current = Catalogue.EMPTY;

  CatalogueCache(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The picture as last read. */
  public Catalogue current() {
    return current;
  }

  /** The picture stays as it was when the database does not answer; the next round tries again. */
  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> keepFresh() {
    return refresh()
        .onFailure()
        .invoke(failure -> LOG.warnf("catalogue not refreshed: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** Reads it anew. */
  public Uni<Void> refresh() {
    return transactions.asSystem(this::load).invoke(read -> current = read).replaceWithVoid();
  }

  private Uni<Catalogue> load(Mutiny.Session s) {
    return all(s, GpuModelEntity.class)
        .chain(
            models ->
                all(s, InstanceTypeEntity.class)
                    .chain(
                        types ->
                            all(s, SiteEntity.class)
                                .chain(
                                    sites ->
                                        all(s, DeliveryEntity.class)
                                            .map(
                                                deliveries ->
                                                    Catalogue.of(
                                                        models, types, sites, deliveries)))));
  }

  private static <E> Uni<List<E>> all(Mutiny.Session s, Class<E> entity) {
    return s.createSelectionQuery("from " + entity.getSimpleName(), entity).getResultList();
  }
}
