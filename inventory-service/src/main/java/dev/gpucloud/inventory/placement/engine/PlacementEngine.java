package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import dev.gpucloud.inventory.placement.engine.Refusal.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Fleet-wide rules: which pools may take a demand and in which order they are tried, and why none
 * could. Stateless; the room itself is in each pool's {@link PoolIndex}.
 */
public final class PlacementEngine {
  /** Most sites at which work ends that a refusal names. */
  private static final int MOST_RETURNS = 3;

  private PlacementEngine() {}

  /**
   * The pools that may take the demand, in the order to try them: a site dedicated to the tenant
   * first, then sites by id. The order of {@code pools} does not matter.
   */
  public static <P> List<P> candidates(
      Demand demand, Collection<P> pools, Function<P, String> model, Function<P, SiteFacts> site) {
    return pools.stream()
        .filter(pool -> model.apply(pool).equals(demand.model()))
        .filter(pool -> demand.forbiddenBy(site.apply(pool)) == null)
        .sorted(
            Comparator.comparing((P pool) -> site.apply(pool).dedicatedTo() == null)
                .thenComparing(pool -> site.apply(pool).id()))
        .toList();
  }

  /** As above for the views themselves. */
  public static List<PoolView> candidates(Demand demand, Collection<PoolView> pools) {
    return candidates(demand, pools, PoolView::model, PoolView::site);
  }

  /** Why the demand cannot be placed and what could be. */
  public static Refusal refuse(
      Demand demand,
      Collection<PoolView> pools,
      Collection<OfferedType> types,
      Collection<ExpectedDelivery> deliveries) {
    Tally tally = tally(demand, pools, index -> index.explain(demand.shape(), demand.terms()));
    List<Alternative> alternatives = new ArrayList<>();
    alternatives.addAll(relaxed(demand, pools));
    alternatives.addAll(smaller(demand, pools, types));
    alternatives.addAll(elsewhere(demand, pools));
    alternatives.addAll(
        later(
            demand,
            pools,
            deliveries.stream().filter(d -> d.gpusPerHost() >= demand.shape().gpus()),
            1,
            index -> index.placeable(demand.shape(), demand.terms())));
    return new Refusal(tally.hosts(), tally.removed(), alternatives);
  }

  /**
   * Why the cluster cannot be placed and what could be; {@code demand} says where it may go and its
   * shape is not looked at.
   */
  public static Refusal refuse(
      Demand demand,
      ClusterShape cluster,
      Collection<PoolView> pools,
      Collection<OfferedType> types,
      Collection<ExpectedDelivery> deliveries) {
    Tally tally = tally(demand, pools, index -> index.explain(cluster, demand.terms()));
    List<Alternative> alternatives =
        new ClusterAlternatives(demand, cluster, pools).all(types, deliveries);
    return new Refusal(tally.hosts(), tally.removed(), alternatives);
  }

  private static Tally tally(
      Demand demand, Collection<PoolView> pools, Function<PoolIndex, Tally> explain) {
    Tally tally = new Tally();
    for (PoolView pool : pools) {
      Constraint forbidden =
          pool.model().equals(demand.model()) ? demand.forbiddenBy(pool.site()) : Constraint.MODEL;
      if (forbidden == null) {
        tally.add(explain.apply(pool.index()));
      } else {
        tally.remove(forbidden, pool.index().hosts());
      }
    }
    return tally;
  }

  private static List<Alternative> relaxed(Demand demand, Collection<PoolView> pools) {
    List<Alternative> found = new ArrayList<>();
    if (demand.apart() != null) {
      relax(Wish.ANTI_AFFINITY, demand.standing(null, demand.dedicated()), pools, found);
    }
    if (demand.dedicated()) {
      relax(Wish.DEDICATION, demand.standing(demand.apart(), false), pools, found);
    }
    return found;
  }

  private static void relax(
      Wish wish, Demand less, Collection<PoolView> pools, List<Alternative> found) {
    int instances =
        candidates(less, pools).stream()
            .mapToInt(pool -> pool.index().placeable(less.shape(), less.terms()))
            .sum();
    if (instances > 0) {
      found.add(new Alternative.Relaxed(wish, instances));
    }
  }

  private static List<Alternative> smaller(
      Demand demand, Collection<PoolView> pools, Collection<OfferedType> types) {
    List<PoolView> allowed = candidates(demand, pools);
    return smallerTypes(demand.model(), demand.shape(), types)
        .map(
            type ->
                new Alternative.SmallerType(
                    type.id(),
                    allowed.stream()
                        .mapToInt(pool -> pool.index().placeable(type.shape(), demand.terms()))
                        .sum()))
        .filter(type -> type.instances() > 0)
        .map(Alternative.class::cast)
        .toList();
  }

  /** The types of the model that take less than a shape, the largest first. */
  static Stream<OfferedType> smallerTypes(
      String model, Shape shape, Collection<OfferedType> types) {
    return types.stream()
        .filter(type -> type.model().equals(model) && type.shape().slices() < shape.slices())
        .sorted(
            Comparator.comparingInt((OfferedType type) -> -type.shape().slices())
                .thenComparing(OfferedType::id));
  }

  private static List<Alternative> elsewhere(Demand demand, Collection<PoolView> pools) {
    return otherSites(demand, pools)
        .map(
            pool ->
                new Alternative.OtherSite(
                    pool.site().id(), pool.index().placeable(demand.shape(), demand.terms())))
        .filter(other -> other.instances() > 0)
        .map(Alternative.class::cast)
        .toList();
  }

  /** The pools at sites that were not asked for but may take the demand. */
  static Stream<PoolView> otherSites(Demand demand, Collection<PoolView> pools) {
    if (demand.anchor() != null) {
      return Stream.empty();
    }
    return candidates(demand.anywhere(), pools).stream()
        .filter(pool -> !demand.mayUse(pool.site()));
  }

  /**
   * What comes at a known time, by that time: the deliveries of the model to sites that may take
   * the demand, and the first time at which so much {@code room} as {@code wanted} comes back from
   * planned work at a site, of the sites asked for and of the others.
   */
  static List<Alternative> later(
      Demand demand,
      Collection<PoolView> pools,
      Stream<ExpectedDelivery> deliveries,
      int wanted,
      ToIntFunction<PoolIndex> room) {
    Stream<Timed> come =
        deliveries
            .filter(delivery -> delivery.model().equals(demand.model()))
            .filter(delivery -> demand.mayWaitFor(delivery.site()))
            .map(Timed::of);
    Stream<Timed> back =
        Stream.of(candidates(demand, pools).stream(), otherSites(demand, pools))
            .flatMap(sites -> returning(sites, wanted, room));
    return Stream.concat(come, back)
        .sorted(Comparator.comparing(Timed::at).thenComparing(Timed::id))
        .map(Timed::alternative)
        .toList();
  }

  private static Stream<Timed> returning(
      Stream<PoolView> pools, int wanted, ToIntFunction<PoolIndex> room) {
    return pools
        .flatMap(pool -> Returns.first(pool, wanted, room).stream().map(r -> Timed.of(pool, r)))
        .sorted(Comparator.comparing(Timed::at).thenComparing(Timed::id))
        .limit(MOST_RETURNS);
  }

  private record Timed(Instant at, String id, Alternative alternative) {
    static Timed of(ExpectedDelivery delivery) {
      return new Timed(
          delivery.due().atStartOfDay(BillingMonth.ZONE).toInstant(),
          delivery.id(),
          new Alternative.Later(
              delivery.id(), delivery.site().id(), delivery.due(), delivery.gpus()));
    }

    static Timed of(PoolView pool, Returns.Room room) {
      String site = pool.site().id();
      return new Timed(
          room.at(), site, new Alternative.Returning(site, room.at(), room.instances()));
    }
  }
}
