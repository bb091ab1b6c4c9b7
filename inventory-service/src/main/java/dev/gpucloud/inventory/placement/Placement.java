package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.forward.Forwarding;
import dev.gpucloud.inventory.forward.OriginalRequest;
import dev.gpucloud.inventory.placement.engine.ClusterPlacement;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.PlacementEngine;
import dev.gpucloud.inventory.placement.engine.PlannedWork;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Slot;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The way to the pools, whichever replica owns them: placing, releasing, explaining, counting.
 * Callable from any thread; what places must be called in the request that asks for it.
 */
@ApplicationScoped
public class Placement {
  static final String NOT_KNOWN = "The service has just begun and does not know its pools yet.";
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Pools pools;
  private final OtherPools others;
  private final CatalogueCache catalogue;
  private final PlacementThread thread;
  private final Forwarding forwarding;
  private final WorkAhead workAhead;
  private final InstantSource business;

  Placement(
      Pools pools,
      OtherPools others,
      CatalogueCache catalogue,
      PlacementThread thread,
      Forwarding forwarding,
      WorkAhead workAhead,
      @Business InstantSource business) {
    this.pools = pools;
    this.others = others;
    this.catalogue = catalogue;
    this.thread = thread;
    this.forwarding = forwarding;
    this.workAhead = workAhead;
    this.business = business;
  }

  /** Tries the pools that may take it, one after the other, until one has room. */
  public Uni<Outcome> place(Task.Place task) {
    Optional<OriginalRequest> request = OriginalRequest.current();
    return thread.run(() -> new Walk(pools, others, catalogue, forwarding, task, request).go());
  }

  /**
   * On the placement thread: all pools, those of other replicas as of a moment ago. While nobody
   * could look which there are, that is the answer, and not that there are none.
   */
  private <T> Uni<T> ask(Function<List<PoolView>, T> question) {
    return thread.run(() -> views().map(views -> question.apply(List.copyOf(views.values()))));
  }

  /** As {@link #ask}, with the work that is planned on the pools' hosts. */
  private <T> Uni<T> askAhead(Function<List<PoolView>, T> question) {
    return thread.run(
        () ->
            thread
                .here(workAhead.byPool())
                .chain(work -> views().map(views -> question.apply(with(work, views)))));
  }

  private static List<PoolView> with(
      Map<String, List<PlannedWork>> work, Map<String, PoolView> views) {
    return views.entrySet().stream()
        .map(view -> view.getValue().with(work.getOrDefault(view.getKey(), List.of())))
        .toList();
  }

  private Uni<SortedMap<String, PoolView>> views() {
    return pools
        .areKnown()
        .invoke(Placement::require)
        .chain(() -> others.of(pools.others()))
        .map(
            theirs -> {
              SortedMap<String, PoolView> views = new TreeMap<>(theirs);
              pools
                  .writers()
                  .forEach(writer -> views.put(writer.pool().id(), writer.pool().view()));
              return views;
            });
  }

  private static void require(boolean known) {
    if (!known) {
      throw ProblemType.UPSTREAM_UNAVAILABLE
          .because(NOT_KNOWN)
          .with("retryAfterSeconds", RETRY_AFTER_SECONDS);
    }
  }

  /** Where it would go now, in the order tried: the real decision, nothing taken. */
  public Uni<List<Preview>> previews(Demand demand) {
    return ask(
        views ->
            PlacementEngine.candidates(demand, views).stream()
                .flatMap(
                    view ->
                        view.index().tryPlace(demand.shape(), demand.terms()).stream()
                            .map(slot -> new Preview(view.site().id(), slot)))
                .toList());
  }

  /** Where a cluster would go now, in the order tried; nothing is taken. */
  public Uni<List<ClusterPreview>> previews(Demand demand, ClusterShape cluster) {
    return ask(
        views ->
            PlacementEngine.candidates(demand, views).stream()
                .flatMap(
                    view ->
                        view.index().tryPlace(cluster, demand.terms()).stream()
                            .map(found -> new ClusterPreview(view.site().id(), found)))
                .toList());
  }

  /** Slots for a whole cluster that are free now, at a site. */
  public record ClusterPreview(String site, ClusterPlacement placement) {}

  /** A slot that is free now, at a site. */
  public record Preview(String site, Slot slot) {}

  /** Why the demand has no room, and what would have. */
  public Uni<Refusal> explain(Demand demand) {
    return askAhead(
        views -> {
          Catalogue known = catalogue.current();
          return PlacementEngine.refuse(demand, views, known.offers(), known.expected())
              .asOf(business.instant());
        });
  }

  /** Why the cluster has no room, and what would have. */
  public Uni<Refusal> explain(Demand demand, ClusterShape cluster) {
    return askAhead(
        views -> {
          Catalogue known = catalogue.current();
          return PlacementEngine.refuse(demand, cluster, views, known.offers(), known.expected())
              .asOf(business.instant());
        });
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

  /** A pool owned here reads its hosts anew at once; any other owner hears of it within a look. */
  public Uni<Void> hostsChanged(String pool) {
    return thread.ask(
        () -> {
          pools.writer(pool).ifPresent(PoolWriter::refresh);
          return null;
        });
  }

  /** Asks every pool a question about its room. */
  public <T> Uni<List<PoolAnswer<T>>> surveyByModel(BiFunction<String, PoolIndex, T> question) {
    return ask(
        views ->
            views.stream()
                .map(
                    view ->
                        new PoolAnswer<>(
                            view.site().id(),
                            view.model(),
                            view.epoch(),
                            question.apply(view.model(), view.index())))
                .toList());
  }

  /** What a pool answered, under its owner's epoch. */
  public record PoolAnswer<T>(String site, String model, long epoch, T answer) {}
}
