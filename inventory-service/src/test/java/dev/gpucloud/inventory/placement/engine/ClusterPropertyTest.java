package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import dev.gpucloud.inventory.placement.engine.Rule.Within;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for clusters in every fleet, whatever is on it. */
class ClusterPropertyTest {
  private static final int STEPS = 60;

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, 60).boxed();
  }

  private static GpuGeometry geometry(long seed) {
    return seed % 3 == 0 ? Fleets.RTX : Fleets.B200;
  }

  /** A fleet with some instances on it. */
  private static PoolIndex used(long seed) {
    Random random = new Random(seed);
    PoolIndex index = new PoolIndex(geometry(seed), Fleets.standing(random));
    int singles = random.nextInt(3 * index.hosts());
    for (int n = 0; n < singles; n++) {
      index.place(Fleets.shape(geometry(seed), random));
    }
    return index;
  }

  private static Set<HostId> someHosts(PoolIndex index, Random random) {
    Set<HostId> some = new HashSet<>();
    for (HostSlots host : index.snapshot()) {
      if (random.nextInt(20) == 0) {
        some.add(host.id());
      }
    }
    return random.nextBoolean() ? Set.of() : some;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithBruteForceOnEveryLevel(long seed) {
    Random random = new Random(seed);
    PoolIndex index = used(seed);
    for (int step = 0; step < STEPS; step++) {
      ClusterShape cluster = Fleets.cluster(geometry(seed), random);
      Set<HostId> avoid = someHosts(index, random);
      List<HostSlots> hosts = index.snapshot();
      BruteForceClusters brute = new BruteForceClusters(hosts, geometry(seed), cluster, avoid);
      Optional<ClusterPlacement> found = index.place(cluster, Terms.avoiding(avoid));

      assertThat(found.isPresent())
          .as("%s", cluster)
          .isEqualTo(brute.fits(cluster.required(), cluster.members(), cluster.requiredSpread()));
      found.ifPresent(placement -> isAsAsked(placement, cluster, hosts, brute));
      found.ifPresent(placement -> assertThat(ids(placement)).noneMatch(avoid::contains));
      if (found.isPresent() && random.nextBoolean()) {
        index.release(found.get());
        assertThat(index.snapshot()).isEqualTo(hosts);
      }
    }
  }

  private static List<HostId> ids(ClusterPlacement placement) {
    return placement.slots().stream().map(Slot::host).toList();
  }

  private static void isAsAsked(
      ClusterPlacement placement,
      ClusterShape cluster,
      List<HostSlots> hosts,
      BruteForceClusters brute) {
    assertThat(placement.instances()).hasSize(cluster.instances());
    assertThat(placement.spares()).hasSize(cluster.spares());
    Map<HostId, HostSlots> byId = new LinkedHashMap<>();
    hosts.forEach(host -> byId.put(host.id(), host));
    givesNoSliceTwice(placement, byId);
    if (cluster.onePerHost()) {
      assertThat(ids(placement)).doesNotHaveDuplicates();
    }
    Spread kept =
        placement.unmet().stream().anyMatch(Spread.class::isInstance) ? null : cluster.spread();
    isInTheTightestDomain(placement, cluster, kept, byId, brute);
    preferencesAreGivenUpOnlyForCause(placement, cluster, kept, brute);
    if (kept != null) {
      isSpread(placement, kept, byId);
    }
  }

  private static void givesNoSliceTwice(ClusterPlacement placement, Map<HostId, HostSlots> byId) {
    Map<HostId, Long> free = new LinkedHashMap<>();
    byId.forEach((id, host) -> free.put(id, host.freeMask()));
    for (Slot slot : placement.slots()) {
      assertThat(byId.get(slot.host()).open()).isTrue();
      assertThat(free.get(slot.host()) & slot.mask()).isEqualTo(slot.mask()).isNotZero();
      free.merge(slot.host(), slot.mask(), (a, b) -> a & ~b);
    }
  }

  private static void isInTheTightestDomain(
      ClusterPlacement placement,
      ClusterShape cluster,
      Spread kept,
      Map<HostId, HostSlots> byId,
      BruteForceClusters brute) {
    Set<String> used =
        ids(placement).stream()
            .map(id -> BruteForceClusters.domain(byId.get(id), placement.level()))
            .collect(Collectors.toSet());
    assertThat(used).hasSize(1);
    if (kept == null) {
      Map<String, Integer> rooms = brute.rooms(placement.level());
      int least =
          rooms.values().stream()
              .filter(room -> room >= cluster.members())
              .min(Integer::compare)
              .orElseThrow();
      assertThat(rooms.get(used.iterator().next())).isEqualTo(least);
    }
  }

  private static void preferencesAreGivenUpOnlyForCause(
      ClusterPlacement placement, ClusterShape cluster, Spread kept, BruteForceClusters brute) {
    for (Level level : Level.values()) {
      if (level.compareTo(cluster.narrowest()) >= 0 && placement.level().isWiderThan(level)) {
        assertThat(brute.fits(level, cluster.members(), cluster.requiredSpread())).isFalse();
      }
    }
    List<Rule> unmet = new ArrayList<>();
    for (Within rule : cluster.within()) {
      if (placement.level().isWiderThan(rule.level())) {
        assertThat(rule.strength()).isEqualTo(Strength.PREFERRED);
        unmet.add(rule);
      }
    }
    if (kept != cluster.spread()) {
      assertThat(cluster.spread().strength()).isEqualTo(Strength.PREFERRED);
      assertThat(brute.fits(placement.level(), cluster.members(), cluster.spread())).isFalse();
      unmet.add(cluster.spread());
    }
    assertThat(placement.unmet()).isEqualTo(unmet);
  }

  private static void isSpread(
      ClusterPlacement placement, Spread spread, Map<HostId, HostSlots> byId) {
    Map<String, Long> members =
        ids(placement).stream()
            .collect(
                Collectors.groupingBy(
                    id -> BruteForceClusters.domain(byId.get(id), spread.over()),
                    Collectors.counting()));
    assertThat(members.values()).allMatch(n -> n <= spread.maxPerDomain());
    assertThat(
            placement.instances().stream()
                .map(slot -> BruteForceClusters.domain(byId.get(slot.host()), spread.over()))
                .distinct()
                .count())
        .isGreaterThanOrEqualTo(spread.minDomains());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void knowsTheLargestClusterExactly(long seed) {
    Random random = new Random(seed);
    PoolIndex index = used(seed);
    for (int step = 0; step < 10; step++) {
      ClusterShape cluster = Fleets.cluster(geometry(seed), random);
      Set<HostId> avoid = someHosts(index, random);
      BruteForceClusters brute =
          new BruteForceClusters(index.snapshot(), geometry(seed), cluster, avoid);
      for (Level level : Level.values()) {
        assertThat(index.largestCluster(cluster, level, Terms.avoiding(avoid)))
            .as("%s in one %s", cluster, level)
            .isEqualTo(brute.largest(level));
      }
      index.place(cluster, Terms.avoiding(avoid));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countsEveryHostOfARefusalOnceAndSuggestsWhatFits(long seed) {
    Random random = new Random(seed);
    PoolIndex index = used(seed);
    PoolIndex other = used(seed + 1000);
    SiteFacts here = new SiteFacts("here", "r1", "KR", 1, null);
    SiteFacts there = new SiteFacts("there", "r2", "KR", 1, null);
    PoolIndex elsewhere = new PoolIndex(geometry(seed), other.snapshot());
    List<PoolView> pools =
        List.of(new PoolView(here, "m", index), new PoolView(there, "m", elsewhere));
    List<OfferedType> types =
        Stream.of(1, 2, 4).map(n -> new OfferedType(n + "x", "m", Fleets.fair(n))).toList();
    for (int step = 0; step < STEPS; step++) {
      ClusterShape cluster = Fleets.cluster(geometry(seed), random);
      Demand demand =
          new Demand("t", "m", cluster.shape(), "here", null, 0).avoiding(someHosts(index, random));
      if (index.place(cluster, demand.terms()).isPresent()) {
        continue;
      }
      Refusal refusal = PlacementEngine.refuse(demand, cluster, pools, types, List.of());

      assertThat(refusal.hosts()).isEqualTo(index.hosts() + elsewhere.hosts());
      assertThat(refusal.removed().values().stream().mapToInt(Integer::intValue).sum())
          .as("%s", cluster)
          .isEqualTo(refusal.hosts());
      assertThat(refusal.alternatives())
          .allSatisfy(a -> reallyFits(a, cluster, demand, index, elsewhere));
    }
  }

  private static void reallyFits(
      Refusal.Alternative alternative,
      ClusterShape cluster,
      Demand demand,
      PoolIndex index,
      PoolIndex elsewhere) {
    switch (alternative) {
      case Refusal.Alternative.FewerInstances fewer -> {
        ClusterShape less = cluster.requiredWithin(fewer.level()).withInstances(fewer.instances());
        assertThat(index.tryPlace(less, demand.terms())).isPresent();
        assertThat(index.tryPlace(less.withInstances(fewer.instances() + 1), demand.terms()))
            .isEmpty();
      }
      case Refusal.Alternative.WiderLevel wider -> {
        ClusterShape apart = cluster.requiredWithin(wider.level());
        assertThat(index.tryPlace(apart, demand.terms())).isPresent();
        assertThat(wider.domains()).isPositive();
      }
      case Refusal.Alternative.SmallerType smaller -> {
        int gpus = Integer.parseInt(smaller.instanceType().replace("x", ""));
        assertThat(index.tryPlace(cluster.withShape(Fleets.fair(gpus)), demand.terms()))
            .isPresent();
      }
      case Refusal.Alternative.OtherSite site ->
          assertThat(elsewhere.tryPlace(cluster, demand.terms())).as(site.site()).isPresent();
      case Refusal.Alternative.Relaxed relaxed -> throw new AssertionError(relaxed);
      case Refusal.Alternative.Later later -> throw new AssertionError(later);
      case Refusal.Alternative.Returning back -> throw new AssertionError(back);
      case Refusal.Alternative.Overdue overdue -> throw new AssertionError(overdue);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverRefusesWithMoreCapacityWhatItPlacesWithout(long seed) {
    Random random = new Random(seed);
    PoolIndex index = used(seed);
    List<HostSlots> more = new ArrayList<>(index.snapshot());
    Location beside = more.get(random.nextInt(more.size())).location();
    more.add(HostSlots.empty(Fleets.host(999), "another", beside, 8, 224, 1792));
    PoolIndex larger = new PoolIndex(geometry(seed), more);
    for (int step = 0; step < STEPS; step++) {
      ClusterShape cluster = Fleets.cluster(geometry(seed), random);
      if (index.tryPlace(cluster, Terms.NONE).isPresent()) {
        assertThat(larger.tryPlace(cluster, Terms.NONE)).as("%s", cluster).isPresent();
      }
      for (Level level : Level.values()) {
        assertThat(larger.largestCluster(cluster, level, Terms.NONE))
            .isGreaterThanOrEqualTo(index.largestCluster(cluster, level, Terms.NONE));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesTheSameAfterAReadInAnotherOrder(long seed) {
    PoolIndex index = used(seed);
    List<HostSlots> shuffled = new ArrayList<>(index.snapshot());
    Collections.shuffle(shuffled, new Random(seed));
    PoolIndex reread = new PoolIndex(geometry(seed), shuffled);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      ClusterShape cluster = Fleets.cluster(geometry(seed), random);
      Shape single = Fleets.shape(geometry(seed), random);
      assertThat(reread.place(cluster, Terms.NONE)).isEqualTo(index.place(cluster, Terms.NONE));
      assertThat(reread.place(single)).isEqualTo(index.place(single));
    }
  }
}
