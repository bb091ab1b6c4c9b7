package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.PlacementEngine;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Slot;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/** The way to the pools: placing, releasing, explaining, counting. Callable from any thread. */
@ApplicationScoped
public class Placement {
  private final Pools pools;
  private final CatalogueCache catalogue;
  private final PlacementThread thread;

  Placement(Pools pools, CatalogueCache catalogue, PlacementThread thread) {
    this.pools = pools;
    this.catalogue = catalogue;
    this.thread = thread;
  }

  /** Tries the pools that may take it, one after the other, until one has room. */
  public Uni<Outcome> place(Task.Place task) {
    return thread.run(() -> inTurn(task, candidates(task.demand())));
  }

  private List<PoolWriter> candidates(Demand demand) {
    return PlacementEngine.candidates(demand, pools.writers(), writer -> writer.pool().view());
  }

  private Uni<Outcome> inTurn(Task.Place task, List<PoolWriter> left) {
    if (left.isEmpty()) {
      return Uni.createFrom()
          .item(
              pools.isOwnedElsewhere(task.demand()) || !pools.isReady()
                  ? new Outcome.Unavailable("A pool has no owner yet, or another replica owns it.")
                  : new Outcome.NoRoom());
    }
    return left.getFirst()
        .submit(task)
        .chain(
            outcome ->
                outcome instanceof Outcome.NoRoom
                    ? inTurn(task, left.subList(1, left.size()))
                    : Uni.createFrom().item(outcome));
  }

  /** Where it would go now: the real decision, nothing taken. */
  public Uni<Optional<Preview>> preview(Demand demand) {
    return thread.ask(
        () ->
            candidates(demand).stream()
                .flatMap(
                    writer ->
                        writer.pool().index().tryPlace(demand.shape(), demand.avoid()).stream()
                            .map(slot -> new Preview(writer.pool().site().id(), slot)))
                .findFirst());
  }

  /** Where a cluster would go now, at the site of that name; nothing is taken. */
  public Uni<Optional<ClusterPreview>> preview(Demand demand, ClusterShape cluster) {
    return thread.ask(
        () ->
            candidates(demand).stream()
                .flatMap(
                    writer ->
                        writer.pool().index().tryPlace(cluster, demand.avoid()).stream()
                            .map(found -> new ClusterPreview(writer.pool().site().id(), found)))
                .findFirst());
  }

  /** Slots for a whole cluster that are free now, at a site. */
  public record ClusterPreview(String site, ClusterPlacement placement) {}

  /** A slot that is free now, at a site. */
  public record Preview(String site, Slot slot) {}

  /** Why the demand has no room, and what would have. */
  public Uni<Refusal> explain(Demand demand) {
    return thread.ask(
        () -> {
          Catalogue known = catalogue.current();
          return PlacementEngine.refuse(demand, views(), known.offers(), known.expected());
        });
  }

  /** Why the cluster has no room, and what would have. */
  public Uni<Refusal> explain(Demand demand, ClusterShape cluster) {
    return thread.ask(
        () -> {
          Catalogue known = catalogue.current();
          return PlacementEngine.refuse(demand, cluster, views(), known.offers(), known.expected());
        });
  }

  private List<PoolView> views() {
    return pools.writers().stream().map(writer -> writer.pool().view()).toList();
  }

  /** Frees a proven allocation if its pool is owned here; its owner finds it otherwise. */
  public Uni<Void> release(String pool, UUID allocation) {
    return thread.run(
        () ->
            pools
                .writer(pool)
                .map(writer -> writer.submit(new Task.Release(allocation)).replaceWithVoid())
                .orElseGet(() -> Uni.createFrom().voidItem()));
  }

  /** Tells the owner of a pool that hosts were added or changed their state. */
  public Uni<Void> hostsChanged(String pool) {
    return thread.ask(
        () -> {
          pools.writer(pool).ifPresent(PoolWriter::refresh);
          return null;
        });
  }

  /** Asks every pool that is owned here a question about its room. */
  public <T> Uni<List<PoolAnswer<T>>> surveyByModel(BiFunction<String, PoolIndex, T> question) {
    return thread.ask(
        () ->
            pools.writers().stream()
                .map(PoolWriter::pool)
                .sorted(Comparator.comparing(OwnedPool::id))
                .map(
                    pool ->
                        new PoolAnswer<>(
                            pool.site().id(),
                            pool.model(),
                            question.apply(pool.model(), pool.index())))
                .toList());
  }

  /** What a pool answered. */
  public record PoolAnswer<T>(String site, String model, T answer) {}
}
