package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When room comes back from planned work, and that nothing else is promised. */
class ReturnsTest {
  private static final String MODEL = "b200";
  private static final Instant NOON = Instant.parse("2027-04-10T03:00:00Z");
  private static final int HOURS = 9;
  private static final SiteFacts ULSAN = site("ulsan", null);

  private static SiteFacts site(String id, @Nullable String owner) {
    return new SiteFacts(id, "kr", "KR", 1, owner);
  }

  /** A pool of closed hosts of eight GPUs, all in one rack. */
  private static PoolView closed(SiteFacts site, int hosts, PlannedWork... work) {
    List<HostSlots> all = Fleets.empty(hosts, 8).stream().map(Fleets::closed).toList();
    return new PoolView(site, MODEL, new PoolIndex(Fleets.B200, all)).with(List.of(work));
  }

  private static PlannedWork back(int host, int afterHours) {
    return new PlannedWork(Fleets.host(host), NOON.minusSeconds(60), hours(afterHours), true);
  }

  private static Instant hours(int after) {
    return NOON.plus(Duration.ofHours(after));
  }

  private static Demand demand(int gpus) {
    return new Demand("hanbit", MODEL, Fleets.fair(gpus), "ulsan", "KR", 1);
  }

  private static List<Alternative> later(Demand demand, PoolView... pools) {
    return later(PlacementEngine.refuse(demand, List.of(pools), List.of(), List.of()));
  }

  private static List<Alternative> later(Demand demand, int hosts, PoolView... pools) {
    ClusterShape cluster =
        ClusterShape.of(demand.shape(), hosts).within(Level.RACK, Strength.REQUIRED);
    return later(PlacementEngine.refuse(demand, cluster, List.of(pools), List.of(), List.of()));
  }

  private static List<Alternative> later(Refusal refusal) {
    return refusal.alternatives().stream().filter(Alternative.Returning.class::isInstance).toList();
  }

  @Test
  void namesTheFirstTimeAtWhichItFitsAndHowMany() {
    assertThat(later(demand(8), closed(ULSAN, 3, back(0, 6), back(1, 2), back(2, 2))))
        .containsExactly(new Alternative.Returning("ulsan", hours(2), 2));
  }

  @Test
  void aClusterWaitsUntilEnoughHostsAreBackAtOnce() {
    PoolView pool = closed(ULSAN, 3, back(0, 1), back(1, 4), back(2, 9));

    assertThat(later(demand(8), 2, pool))
        .containsExactly(new Alternative.Returning("ulsan", hours(4), 2));
    assertThat(later(demand(8), 4, pool)).isEmpty();
  }

  @Test
  void hostsThatAreAwayThenAreNotCounted() {
    PlannedWork next = new PlannedWork(Fleets.host(0), hours(2), hours(5), false);

    assertThat(later(demand(8), 2, closed(ULSAN, 2, back(0, 2), back(1, 3), next)))
        .containsExactly(new Alternative.Returning("ulsan", hours(5), 2));
  }

  @Test
  void hostsThatTheirWorkDoesNotOpenPromiseNothing() {
    PlannedWork cordonedBefore = new PlannedWork(Fleets.host(0), NOON, hours(2), false);

    assertThat(later(demand(1), closed(ULSAN, 2, cordonedBefore))).isEmpty();
  }

  @Test
  void onlySitesThatTheTenantMayUseAreNamedTheSoonestFirst() {
    PoolView others = closed(site("cheongju", "sk-hynix"), 1, back(0, 1));
    PoolView soon = closed(site("gasan", null), 1, back(0, 2));
    PoolView asked = closed(ULSAN, 1, back(0, 3));
    PoolView otherModel = new PoolView(soon.site(), "h100", soon.index(), 0, soon.work());

    assertThat(later(demand(8), others, soon, asked, otherModel))
        .containsExactly(
            new Alternative.Returning("gasan", hours(2), 1),
            new Alternative.Returning("ulsan", hours(3), 1));
  }

  @Test
  void deliveriesAndReturnsStandInOneOrder() {
    ExpectedDelivery before = delivery("before", "2027-04-10");
    ExpectedDelivery after = delivery("after", "2027-04-11");

    Refusal refusal =
        PlacementEngine.refuse(
            demand(8), List.of(closed(ULSAN, 1, back(0, 1))), List.of(), List.of(after, before));

    assertThat(refusal.alternatives())
        .containsExactly(
            new Alternative.Later("before", "ulsan", before.due(), 80),
            new Alternative.Returning("ulsan", hours(1), 1),
            new Alternative.Later("after", "ulsan", after.due(), 80));
  }

  private static ExpectedDelivery delivery(String id, String due) {
    return new ExpectedDelivery(id, ULSAN, MODEL, 10, 8, 4, 64, 8, LocalDate.parse(due));
  }

  static Stream<Long> seeds() {
    return LongStream.rangeClosed(1, 60).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void saysWhatAPoolWithTheHostsOfThatTimeWouldTakeAndLeavesThePoolAsItIs(long seed) {
    Random random = new Random(seed);
    PoolIndex index = new PoolIndex(Fleets.B200, Fleets.standing(random));
    for (int step = random.nextInt(40); step > 0; step--) {
      index.place(Fleets.shape(Fleets.B200, random));
    }
    List<HostSlots> before = shut(index, random);
    List<PlannedWork> work = work(before, random);
    PoolView pool = new PoolView(ULSAN, MODEL, index).with(work);
    for (int n = 0; n < 20; n++) {
      ClusterShape cluster = Fleets.cluster(Fleets.B200, random);
      int wanted = cluster.instances();

      var found = Returns.first(pool, wanted, i -> room(i, cluster));

      assertThat(index.snapshot()).isEqualTo(before);
      boolean fitsNow = room(new PoolIndex(Fleets.B200, before), cluster) >= wanted;
      var expected =
          IntStream.rangeClosed(1, HOURS)
              .mapToObj(ReturnsTest::hours)
              .filter(end -> !fitsNow && work.stream().anyMatch(PlannedWork::returns))
              .map(end -> new Returns.Room(end, room(at(end, before, work), cluster)))
              .filter(room -> room.instances() >= wanted)
              .findFirst();
      assertThat(found).isEqualTo(expected);
    }
  }

  private static int room(PoolIndex index, ClusterShape cluster) {
    return index.largestCluster(cluster, cluster.required(), Terms.NONE);
  }

  /** Closes most hosts of a pool; what they are then. */
  private static List<HostSlots> shut(PoolIndex index, Random random) {
    index.snapshot().forEach(host -> index.setOpen(host.id(), random.nextInt(4) == 0));
    return index.snapshot();
  }

  private static List<PlannedWork> work(List<HostSlots> hosts, Random random) {
    List<PlannedWork> all = new ArrayList<>();
    for (HostSlots host : hosts) {
      if (host.open()) {
        int from = random.nextInt(HOURS - 1);
        all.add(new PlannedWork(host.id(), hours(from), hours(HOURS - random.nextInt(2)), false));
      } else if (random.nextInt(3) > 0) {
        int until = 1 + random.nextInt(HOURS - 3);
        all.add(new PlannedWork(host.id(), NOON, hours(until), random.nextInt(4) > 0));
        if (random.nextInt(4) == 0) {
          int from = until + random.nextInt(2);
          all.add(new PlannedWork(host.id(), hours(from), hours(from + 1), false));
        }
      }
    }
    return all;
  }

  /** The pool made anew with the hosts that are open at a time. */
  private static PoolIndex at(Instant end, List<HostSlots> hosts, List<PlannedWork> work) {
    List<HostSlots> then = new ArrayList<>();
    for (HostSlots host : hosts) {
      List<PlannedWork> its = work.stream().filter(w -> w.host().equals(host.id())).toList();
      boolean away = its.stream().anyMatch(w -> !end.isBefore(w.from()) && end.isBefore(w.until()));
      boolean back = its.stream().anyMatch(w -> w.returns() && !w.until().isAfter(end));
      then.add(away || !host.open() && !back ? Fleets.closed(host) : Fleets.opened(host));
    }
    return new PoolIndex(Fleets.B200, then);
  }
}
