package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.forward.Forwarded;
import dev.gpucloud.inventory.forward.Forwarding;
import dev.gpucloud.inventory.forward.OriginalRequest;
import dev.gpucloud.inventory.forward.Owner;
import dev.gpucloud.inventory.placement.engine.PlacementEngine;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One task on its way from pool to pool until one has room: a pool owned here is asked, the owner
 * of others is sent the request it came with. What is refused for want of room is refused by every
 * pool that may take it; a pool that nobody answers for makes the answer "not now". Lives on the
 * {@link PlacementThread}.
 */
final class Walk {
  private final Pools pools;
  private final OtherPools others;
  private final CatalogueCache catalogue;
  private final Forwarding forwarding;
  private final Task.Place task;
  private final @Nullable OriginalRequest request;
  private boolean moved;
  private @Nullable StoredAnswer refusal;

  Walk(
      Pools pools,
      OtherPools others,
      CatalogueCache catalogue,
      Forwarding forwarding,
      Task.Place task,
      Optional<OriginalRequest> request) {
    this.pools = pools;
    this.others = others;
    this.catalogue = catalogue;
    this.forwarding = forwarding;
    this.task = task;
    this.request = request.orElse(null);
  }

  private sealed interface Stop {
    record Here(PoolWriter writer) implements Stop {}

    record There(Owner owner, List<String> pools) implements Stop {}

    record Nobody() implements Stop {}

    /** A pool that another owns, for work that no request asked for. */
    record Theirs(String pool) implements Stop {}
  }

  /** Goes from pool to pool; once more after a look when an owner was not where it should be. */
  Uni<Outcome> go() {
    return pools
        .areKnown()
        .chain(known -> known ? around() : unavailable(Placement.NOT_KNOWN))
        .chain(
            outcome ->
                outcome instanceof Outcome.Unavailable && moved && mayLookAgain()
                    ? pools.look().chain(this::around)
                    : Uni.createFrom().item(outcome));
  }

  private boolean mayLookAgain() {
    return request != null && !request.isSentOn();
  }

  private Uni<Outcome> around() {
    moved = false;
    refusal = null;
    if (request != null && request.isSentOn() && !isMeantForUs(request)) {
      return unavailable("The replica that the request was sent on to is gone.");
    }
    return next(stops());
  }

  /** A pool that was given up meanwhile has not refused anything. */
  private boolean isMeantForUs(OriginalRequest sentOn) {
    return pools.holder().equals(sentOn.addressedTo())
        && sentOn.pools().stream().allMatch(pool -> pools.writer(pool).isPresent());
  }

  private List<Stop> stops() {
    List<Stop> stops = new ArrayList<>();
    for (KnownPool pool : candidates()) {
      Optional<PoolWriter> writer = pools.writer(pool.id());
      if (request != null && request.isSentOn() && !request.pools().contains(pool.id())) {
        continue;
      }
      if (writer.isPresent()) {
        stops.add(new Stop.Here(writer.get()));
      } else if (request == null) {
        stops.add(new Stop.Theirs(pool.id()));
      } else if (pool.owner() == null || pool.owner().holder().equals(pools.holder())) {
        stops.add(new Stop.Nobody());
      } else {
        at(pool.owner(), stops).pools().add(pool.id());
      }
    }
    return stops;
  }

  /** Neighbours in the order of trying are asked for at once, so that the order holds. */
  private static Stop.There at(Owner owner, List<Stop> stops) {
    if (!stops.isEmpty()
        && stops.getLast() instanceof Stop.There last
        && last.owner().equals(owner)) {
      return last;
    }
    Stop.There there = new Stop.There(owner, new ArrayList<>());
    stops.add(there);
    return there;
  }

  private List<KnownPool> candidates() {
    List<KnownPool> ofModel =
        pools.known().stream().filter(pool -> pool.model().equals(task.demand().model())).toList();
    List<KnownPool> named = ofModel.stream().filter(pool -> facts(pool) != null).toList();
    moved = named.size() < ofModel.size();
    return PlacementEngine.candidates(
        task.demand(), named, KnownPool::model, pool -> Objects.requireNonNull(facts(pool)));
  }

  private @Nullable SiteFacts facts(KnownPool pool) {
    return pools
        .writer(pool.id())
        .map(writer -> writer.pool().site())
        .orElseGet(() -> catalogue.current().sites().get(pool.site()));
  }

  private Uni<Outcome> next(List<Stop> left) {
    if (left.isEmpty()) {
      return end();
    }
    List<Stop> rest = left.subList(1, left.size());
    return switch (left.getFirst()) {
      case Stop.Here here -> here(here.writer(), rest);
      case Stop.There there -> there(there, Objects.requireNonNull(request), rest);
      case Stop.Theirs theirs -> theirs(theirs.pool(), rest);
      case Stop.Nobody nobody -> {
        moved = true;
        yield next(rest);
      }
    };
  }

  private Uni<Outcome> end() {
    if (moved || !pools.isReady()) {
      return unavailable("A pool that could take it has no owner at this moment.");
    }
    StoredAnswer refused = refusal;
    return Uni.createFrom()
        .item(refused == null ? new Outcome.NoRoom() : new Outcome.Elsewhere(refused));
  }

  private Uni<Outcome> here(PoolWriter writer, List<Stop> rest) {
    return writer
        .submit(task)
        .chain(
            outcome ->
                isOfThisSite(outcome)
                    ? next(rest).map(other -> other instanceof Outcome.NoRoom ? outcome : other)
                    : Uni.createFrom().item(outcome));
  }

  /** Whether another site may still take what this one refused. */
  private static boolean isOfThisSite(Outcome outcome) {
    return outcome instanceof Outcome.NoRoom
        || outcome instanceof Outcome.OverQuota over && over.excess().site() != null;
  }

  private Uni<Outcome> there(Stop.There there, OriginalRequest original, List<Stop> rest) {
    return pools
        .onThread(forwarding.send(original, there.owner(), there.pools()))
        .chain(
            outcome ->
                switch (outcome) {
                  case Forwarded.Answered answered ->
                      Uni.createFrom().item(new Outcome.Elsewhere(answered.answer()));
                  case Forwarded.Refused refused -> {
                    refusal = refused.answer();
                    yield next(rest);
                  }
                  case Forwarded.Gone gone -> {
                    moved = true;
                    yield next(rest);
                  }
                  case Forwarded.Silent silent ->
                      unavailable("The request may have been carried out; repeat it as it was.");
                });
  }

  /** Nobody can be sent this one: its own sweep will take it there if there is room. */
  private Uni<Outcome> theirs(String pool, List<Stop> rest) {
    return others
        .of(pools.others())
        .chain(
            views -> {
              PoolView view = views.get(pool);
              boolean room =
                  view == null
                      || view.index()
                          .tryPlace(task.demand().shape(), task.demand().terms())
                          .isPresent();
              return room ? unavailable("Another replica owns a pool with room.") : next(rest);
            });
  }

  private static Uni<Outcome> unavailable(String why) {
    return Uni.createFrom().item(new Outcome.Unavailable(why));
  }
}
