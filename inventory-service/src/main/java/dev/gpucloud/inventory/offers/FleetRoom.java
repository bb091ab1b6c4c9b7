package dev.gpucloud.inventory.offers;

import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Placement.PoolAnswer;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.kit.clock.SystemClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The room of all pools, asked at most once in a while however many want to know: the pools'
 * indexes are looked at on the thread that also places.
 */
@ApplicationScoped
class FleetRoom {
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final Duration age;
  private final InstantSource clock;
  private @Nullable Shared shared;

  FleetRoom(
      CatalogueCache catalogue,
      Placement placement,
      OffersConfig config,
      @SystemClock InstantSource clock) {
    this.catalogue = catalogue;
    this.placement = placement;
    this.age = config.roomAge();
    this.clock = clock;
  }

  /** One survey for all who ask until it is too old. */
  private record Shared(Uni<Survey> survey, Instant begun) {}

  /** What all pools said at one time. */
  record Survey(List<PoolRoom> pools, Instant asOf) {}

  /** A pool, in all and by the types of its model. */
  record PoolRoom(
      String site, String model, long epoch, PoolIndex.Room room, List<TypeRoom> types) {}

  /** Instances of a type: that fit now, in one cluster, and that would fit if nothing were held. */
  record TypeRoom(String id, int free, int largestCluster, int whenEmpty) {}

  /** As it was not long ago. */
  synchronized Uni<Survey> recent() {
    Instant now = clock.instant();
    Shared last = shared;
    if (last == null || !now.isBefore(last.begun().plus(age))) {
      last = new Shared(survey(now).memoize().indefinitely(), now);
      shared = last;
    }
    return last.survey();
  }

  private Uni<Survey> survey(Instant asOf) {
    List<OfferedShape> types = List.copyOf(catalogue.current().types().values());
    return placement
        .surveyByModel((model, index) -> room(model, index, types))
        .map(answers -> new Survey(answers.stream().map(FleetRoom::pool).toList(), asOf));
  }

  private record Answer(PoolIndex.Room room, List<TypeRoom> types) {}

  private static Answer room(String model, PoolIndex index, List<OfferedShape> types) {
    return new Answer(
        index.room(),
        types.stream()
            .filter(type -> type.model().equals(model))
            .map(
                type ->
                    new TypeRoom(
                        type.id(),
                        index.placeable(type.shape()),
                        index.largestCluster(type.shape(), Level.FABRIC),
                        index.placeableWhenEmpty(type.shape())))
            .toList());
  }

  private static PoolRoom pool(PoolAnswer<Answer> pool) {
    return new PoolRoom(
        pool.site(), pool.model(), pool.epoch(), pool.answer().room(), pool.answer().types());
  }
}
