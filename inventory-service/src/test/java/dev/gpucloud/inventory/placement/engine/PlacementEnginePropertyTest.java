package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of sites over several pools: who may go where, why nobody could, and what would do. */
class PlacementEnginePropertyTest {
  private static final List<OfferedType> TYPES =
      Stream.concat(
              Stream.of(1, 2, 4, 8)
                  .map(gpus -> new OfferedType(gpus + "x", "b", Fleets.fair(gpus))),
              Fleets.B200.profiles().stream()
                  .map(p -> new OfferedType(p.name(), "b", Shape.slice(p, 4, 32))))
          .toList();

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, 40).boxed();
  }

  private static List<PoolView> pools(Random random) {
    List<PoolView> pools = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      SiteFacts site =
          new SiteFacts(
              "s" + n,
              "r" + n % 2,
              random.nextBoolean() ? "KR" : "JP",
              random.nextInt(4),
              random.nextInt(3) == 0 ? "t" + random.nextInt(2) : null);
      PoolIndex index = new PoolIndex(Fleets.B200, Fleets.standing(random));
      for (int step = random.nextInt(60); step > 0; step--) {
        index.place(Fleets.shape(Fleets.B200, random));
      }
      pools.add(new PoolView(site, random.nextInt(4) == 0 ? "other" : "b", index));
    }
    return pools;
  }

  private static Demand demand(Random random, OfferedType type) {
    Apart apart =
        random.nextInt(4) > 0
            ? null
            : new Apart(
                "g",
                Apart.Over.HOST,
                random.nextBoolean() ? Strength.REQUIRED : Strength.PREFERRED);
    return new Demand(
            "t" + random.nextInt(3),
            "b",
            type.shape(),
            random.nextInt(3) == 0 ? "s" + random.nextInt(6) : null,
            random.nextInt(3) == 0 ? "KR" : null,
            random.nextInt(3))
        .inRegion(random.nextInt(4) == 0 ? "r" + random.nextInt(2) : null)
        .standing(apart, random.nextInt(5) == 0);
  }

  private static boolean mayGo(Demand demand, SiteFacts site) {
    return (demand.site() == null || demand.site().equals(site.id()))
        && (demand.region() == null || demand.region().equals(site.region()))
        && (site.dedicatedTo() == null || site.dedicatedTo().equals(demand.tenant()))
        && (demand.country() == null || demand.country().equals(site.country()))
        && site.csapRank() >= demand.minCsapRank();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void triesExactlyThePoolsThatTheRulesAllowInWhateverOrderTheyCome(long seed) {
    Random random = new Random(seed);
    List<PoolView> pools = pools(random);
    for (int n = 0; n < 50; n++) {
      Demand demand = demand(random, TYPES.get(random.nextInt(TYPES.size())));
      List<PoolView> shuffled = new ArrayList<>(pools);
      Collections.shuffle(shuffled, random);

      List<PoolView> tried = PlacementEngine.candidates(demand, pools);

      assertThat(tried)
          .containsExactlyInAnyOrderElementsOf(
              pools.stream()
                  .filter(pool -> pool.model().equals("b") && mayGo(demand, pool.site()))
                  .toList());
      assertThat(PlacementEngine.candidates(demand, shuffled)).isEqualTo(tried);
      assertThat(tried)
          .filteredOn(pool -> pool.site().dedicatedTo() != null)
          .isEqualTo(
              tried.subList(
                  0, (int) tried.stream().filter(p -> p.site().dedicatedTo() != null).count()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRefusalCountsEveryHostOnceAndOffersOnlyWhatFits(long seed) {
    Random random = new Random(seed);
    List<PoolView> pools = pools(random);
    List<ExpectedDelivery> deliveries =
        IntStream.range(0, 6)
            .mapToObj(
                n ->
                    new ExpectedDelivery(
                        "d" + n,
                        pools.get(n).site(),
                        n % 2 == 0 ? "b" : "other",
                        8,
                        random.nextBoolean() ? 8 : 4,
                        4,
                        2,
                        8,
                        LocalDate.of(2027, 1, 6 - n)))
            .toList();
    for (int n = 0; n < 60; n++) {
      OfferedType type = TYPES.get(random.nextInt(TYPES.size()));
      Demand demand = demand(random, type);
      List<PoolView> allowed = PlacementEngine.candidates(demand, pools);
      boolean fits =
          allowed.stream()
              .anyMatch(p -> p.index().tryPlace(demand.shape(), demand.terms()).isPresent());

      Refusal refusal = PlacementEngine.refuse(demand, pools, TYPES, deliveries);

      int removed = refusal.removed().values().stream().mapToInt(Integer::intValue).sum();
      assertThat(refusal.hosts()).isEqualTo(pools.stream().mapToInt(p -> p.index().hosts()).sum());
      assertThat(removed == refusal.hosts()).as("%s", demand).isEqualTo(!fits);
      refusal.alternatives().forEach(other -> check(other, demand, pools, deliveries));
      assertThat(refusal.alternatives())
          .filteredOn(Alternative.Later.class::isInstance)
          .extracting(other -> ((Alternative.Later) other).due())
          .isSorted();
    }
  }

  private static void check(
      Alternative other, Demand demand, List<PoolView> pools, List<ExpectedDelivery> deliveries) {
    switch (other) {
      case Alternative.SmallerType smaller -> {
        Shape shape =
            TYPES.stream()
                .filter(type -> type.id().equals(smaller.instanceType()))
                .findFirst()
                .orElseThrow()
                .shape();
        assertThat(shape.slices()).isLessThan(demand.shape().slices());
        assertThat(fitting(demand, shape, demand.terms(), pools)).isEqualTo(smaller.instances());
      }
      case Alternative.OtherSite site ->
          assertThat(
                  pools.stream()
                      .filter(pool -> pool.site().id().equals(site.site()))
                      .filter(pool -> mayGo(demand.anywhere(), pool.site()))
                      .mapToInt(
                          pool -> placed(pool.index(), demand.shape(), demand.terms().required()))
                      .sum())
              .isEqualTo(site.instances());
      case Alternative.Relaxed relaxed -> {
        boolean apart = relaxed.wish() == Refusal.Wish.ANTI_AFFINITY;
        Demand less = demand.standing(apart ? null : demand.apart(), apart && demand.dedicated());
        assertThat(fitting(less, demand.shape(), less.terms(), pools))
            .isEqualTo(relaxed.instances());
      }
      case Alternative.Later later ->
          assertThat(deliveries)
              .filteredOn(delivery -> delivery.id().equals(later.delivery()))
              .allMatch(delivery -> mayGo(demand.anywhere(), delivery.site()))
              .allMatch(delivery -> delivery.model().equals("b"))
              .allMatch(delivery -> delivery.gpusPerHost() >= demand.shape().gpus())
              .hasSize(1);
      case Alternative.Returning back -> throw new AssertionError(back);
      case Alternative.Overdue overdue -> throw new AssertionError(overdue);
      case Alternative.FewerInstances fewer -> throw new AssertionError(fewer);
      case Alternative.WiderLevel wider -> throw new AssertionError(wider);
    }
  }

  private static int fitting(Demand demand, Shape shape, Terms terms, List<PoolView> pools) {
    return pools.stream()
        .filter(pool -> pool.model().equals("b") && mayGo(demand, pool.site()))
        .mapToInt(pool -> placed(pool.index(), shape, terms.required()))
        .sum();
  }

  /** As many as can really be placed one after the other; the pool is then as it was. */
  private static int placed(PoolIndex index, Shape shape, Terms terms) {
    List<Slot> slots = new ArrayList<>();
    Optional<Slot> next = index.place(shape, terms);
    while (next.isPresent()) {
      slots.add(next.get());
      next = index.place(shape, terms);
    }
    slots.forEach(index::release);
    return slots.size();
  }
}
