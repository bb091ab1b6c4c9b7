package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Fleet-wide rules: which pools may take a demand and in which order they are tried, and why none
 * could. Stateless; the room itself is in each pool's {@link PoolIndex}.
 */
public final class PlacementEngine {
  private PlacementEngine() {}

  /**
   * The pools that may take the demand, in the order to try them: a site dedicated to the tenant
   * first, then sites by id. The order of {@code pools} does not matter.
   */
  public static <P> List<P> candidates(
      Demand demand, Collection<P> pools, Function<P, PoolView> view) {
    return pools.stream()
        .filter(pool -> view.apply(pool).model().equals(demand.model()))
        .filter(pool -> demand.forbiddenBy(view.apply(pool).site()) == null)
        .sorted(
            Comparator.comparing((P pool) -> view.apply(pool).site().dedicatedTo() == null)
                .thenComparing(pool -> view.apply(pool).site().id()))
        .toList();
  }

  /** As above for the views themselves. */
  public static List<PoolView> candidates(Demand demand, Collection<PoolView> pools) {
    return candidates(demand, pools, view -> view);
  }

  /** Why the demand cannot be placed and what could be. */
  public static Refusal refuse(
      Demand demand,
      Collection<PoolView> pools,
      Collection<OfferedType> types,
      Collection<ExpectedDelivery> deliveries) {
    Tally tally = new Tally();
    for (PoolView pool : pools) {
      tally.add(explain(demand, pool));
    }
    List<Alternative> alternatives = new ArrayList<>();
    alternatives.addAll(smaller(demand, pools, types));
    alternatives.addAll(elsewhere(demand, pools));
    alternatives.addAll(later(demand, deliveries));
    return new Refusal(tally.hosts(), tally.removed(), alternatives);
  }

  private static Tally explain(Demand demand, PoolView pool) {
    Tally tally = new Tally();
    if (!pool.model().equals(demand.model())) {
      tally.remove(Constraint.MODEL, pool.index().hosts());
      return tally;
    }
    Constraint forbidden = demand.forbiddenBy(pool.site());
    if (forbidden != null) {
      tally.remove(forbidden, pool.index().hosts());
      return tally;
    }
    return pool.index().explain(demand.shape());
  }

  private static List<Alternative> smaller(
      Demand demand, Collection<PoolView> pools, Collection<OfferedType> types) {
    List<PoolView> allowed = candidates(demand, pools);
    int asked = demand.shape().slices();
    return types.stream()
        .filter(type -> type.model().equals(demand.model()) && type.shape().slices() < asked)
        .sorted(
            Comparator.comparingInt((OfferedType type) -> -type.shape().slices())
                .thenComparing(OfferedType::id))
        .map(type -> new Alternative.SmallerType(type.id(), placeable(allowed, type.shape())))
        .filter(type -> type.instances() > 0)
        .map(Alternative.class::cast)
        .toList();
  }

  private static int placeable(Collection<PoolView> pools, Shape shape) {
    return pools.stream().mapToInt(pool -> pool.index().placeable(shape)).sum();
  }

  private static List<Alternative> elsewhere(Demand demand, Collection<PoolView> pools) {
    if (demand.site() == null) {
      return List.of();
    }
    return candidates(demand.anywhere(), pools).stream()
        .filter(pool -> !pool.site().id().equals(demand.site()))
        .map(
            pool ->
                new Alternative.OtherSite(pool.site().id(), pool.index().placeable(demand.shape())))
        .filter(other -> other.instances() > 0)
        .map(Alternative.class::cast)
        .toList();
  }

  private static List<Alternative> later(Demand demand, Collection<ExpectedDelivery> deliveries) {
    return deliveries.stream()
        .filter(delivery -> delivery.model().equals(demand.model()))
        .filter(delivery -> demand.anywhere().forbiddenBy(delivery.site()) == null)
        .filter(delivery -> delivery.gpusPerHost() >= demand.shape().gpus())
        .sorted(Comparator.comparing(ExpectedDelivery::due).thenComparing(ExpectedDelivery::id))
        .map(
            delivery ->
                new Alternative.Later(
                    delivery.id(),
                    delivery.site().id(),
                    delivery.due(),
                    delivery.hosts() * delivery.gpusPerHost()))
        .map(Alternative.class::cast)
        .toList();
  }
}
