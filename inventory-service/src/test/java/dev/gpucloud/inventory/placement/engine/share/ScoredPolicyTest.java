package dev.gpucloud.inventory.placement.engine.share;

import static dev.gpucloud.inventory.placement.engine.share.Shares.demand;
import static dev.gpucloud.inventory.placement.engine.share.Shares.fleet;
import static dev.gpucloud.inventory.placement.engine.share.Shares.host;
import static dev.gpucloud.inventory.placement.engine.share.Shares.share;
import static dev.gpucloud.inventory.placement.engine.share.Shares.whole;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each policy's scores, computed by hand. */
class ScoredPolicyTest {
  private static final int HOST = 0;

  @Test
  void dotProductPrefersRoomThatPointsElsewhere() {
    ShareFleet fleet = fleet(host("a", 64, 4));
    // half of the most CPU and GPU are free, an eighth is asked: (1/16 + 1/16) / 2 = 0.0625
    assertThat(new DotProductPolicy().score(fleet, HOST, whole(16, 1))).isEqualTo(93);
    // CPU alone: 1/16 / 2 = 0.03125
    assertThat(new DotProductPolicy().score(fleet, HOST, whole(16, 0))).isEqualTo(96);
  }

  @Test
  void bestFitPrefersTheHostThatIsLeftWithTheLeast() {
    ShareFleet fleet = fleet(host("a", 64, 4));
    // 48 of 128 cores and 3 of 8 GPUs are left: 1 - 0.375
    assertThat(new BestFitPolicy().score(fleet, HOST, whole(16, 1))).isEqualTo(62);
    assertThat(new BestFitPolicy().score(fleet, HOST, whole(64, 4))).isEqualTo(100);
  }

  @Test
  void gpuClusteringKeepsKindsTogether() {
    ShareFleet fleet = fleet(host("a", 64, 4));
    GpuClusteringPolicy policy = new GpuClusteringPolicy();
    assertThat(policy.score(fleet, HOST, share(1, 500))).as("idle: 25 + 12").isEqualTo(37);
    fleet.take(HOST, share(1, 500), 0);
    assertThat(policy.score(fleet, HOST, share(1, 100))).as("only shares: 75 + 14").isEqualTo(89);
    assertThat(policy.score(fleet, HOST, whole(1, 1))).as("another kind: 14").isEqualTo(14);
    fleet.take(HOST, whole(1, 2), 0);
    assertThat(policy.score(fleet, HOST, whole(1, 2))).as("among others: 50 + 20").isEqualTo(70);
    assertThat(policy.score(fleet, HOST, whole(1, 0))).as("no GPU").isZero();
  }

  @Test
  void gpuPackingPrefersSharedThenUsedThenSmallIdleHosts() {
    ShareFleet fleet = fleet(host("a", 64, 4), host("b", 64, 8));
    GpuPackingPolicy policy = new GpuPackingPolicy();
    assertThat(policy.score(fleet, 0, whole(1, 1))).as("idle, 4 GPUs").isEqualTo(29);
    assertThat(policy.score(fleet, 1, whole(1, 1))).as("idle, 8 GPUs").isEqualTo(25);
    fleet.take(0, share(1, 500), 0);
    assertThat(policy.score(fleet, 0, share(1, 300))).as("half a GPU left").isEqualTo(95);
    assertThat(policy.score(fleet, 0, share(1, 600))).as("opens a GPU").isEqualTo(49);
    assertThat(policy.score(fleet, 0, whole(1, 3))).as("three whole GPUs").isEqualTo(47);
    assertThat(policy.score(fleet, 0, whole(1, 0))).as("no GPU").isZero();
  }

  @Test
  void fragmentationCountsRoomThatShapesCannotUse() {
    ShareFleet fleet = fleet(host("a", 10, 2));
    FragmentationPolicy policy = new FragmentationPolicy(fleet, demand(share(4, 500), whole(4, 2)));
    // before 0; after, 1500 are of no use to the half of the demand that wants two GPUs:
    // 100 / (1 + e^0.75) = 32.08
    assertThat(policy.score(fleet, HOST, share(4, 500))).isEqualTo(32);
    // everything is used, nothing is stranded
    assertThat(policy.score(fleet, HOST, whole(4, 2))).isEqualTo(50);
    // 2 cores left: all 2000 are of no use to anybody: 100 / (1 + e^2) = 11.92
    assertThat(policy.score(fleet, HOST, whole(8, 0))).isEqualTo(11);
    // 4 cores left suffice for either, so nothing is stranded yet
    assertThat(policy.score(fleet, HOST, whole(6, 0))).isEqualTo(50);
  }

  @Test
  void fragmentationPutsAShareWhereItStrandsLeast() {
    ShareFleet fleet = fleet(host("a", 64, 2));
    FragmentationPolicy policy = new FragmentationPolicy(fleet, demand(share(1, 500), whole(1, 1)));
    fleet.take(HOST, share(1, 500), 1);
    assertThat(policy.gpuFor(fleet, HOST, share(1, 500))).isEqualTo(1);
    // 500 that half of the demand could not use are filled: 100 / (1 + e^-0.25) = 56.2
    assertThat(policy.score(fleet, HOST, share(1, 500))).isEqualTo(56);
  }

  @Test
  void fragmentationKnowsModels() {
    ShareFleet fleet = fleet(host("a", 10, 2));
    ShareRequest elsewhere = new ShareRequest(4000, 1024, 1, 1000, Set.of("A100"));
    StrandedRoom stranded =
        FragmentationPolicy.fragmentation(fleet, demand(elsewhere, whole(4, 1)));
    assertThat(stranded.milli(0, 10_000, 1 << 20, new int[] {1000, 500}, 2)).isEqualTo(1000);
  }

  @Test
  void reachDiscountsRoomThatTheCpuLeftCouldNotFeed() {
    ShareFleet fleet = fleet(host("a", 20, 2));
    ReachPolicy policy = new ReachPolicy(fleet, demand(whole(10, 1)));
    // 10 cores feed one of two GPUs: 1000 x 0.4 are lost, 100 / (1 + e^0.4) = 40.1
    assertThat(policy.score(fleet, HOST, whole(10, 0))).isEqualTo(40);
    // both GPUs are out of reach, 100 / (1 + e^2) = 11.92
    assertThat(policy.score(fleet, HOST, whole(20, 0))).isEqualTo(11);
    assertThat(policy.score(fleet, HOST, whole(10, 1))).isEqualTo(50);
  }

  @Test
  void reachDiscountsRoomThatTheMemoryLeftCouldNotFeed() {
    ShareFleet fleet = fleet(new ShareHost("a", "T4", 64_000, 2048, 2));
    ReachPolicy policy = new ReachPolicy(fleet, demand(whole(1, 1)));
    assertThat(policy.score(fleet, HOST, new ShareRequest(1000, 1024, 0, 0, Set.of())))
        .isEqualTo(40);
  }

  @Test
  void reachKeepsCpuForGpusWhereFragmentationSeesNoDifference() {
    ShareHost poor = host("poor", 24, 2);
    ShareHost rich = host("rich", 104, 2);
    ShareRequest cpuOnly = whole(12, 0);
    ShareFleet fleet = fleet(poor, rich);
    ShareDemand demand = demand(whole(12, 1));
    assertThat(new SharePacker(fleet, new FragmentationPolicy(fleet, demand)).place(cpuOnly))
        .hasValueSatisfying(place -> assertThat(place.host()).isZero());
    ShareFleet again = fleet(poor, rich);
    assertThat(new SharePacker(again, new ReachPolicy(again, demand)).place(cpuOnly))
        .hasValueSatisfying(place -> assertThat(place.host()).isOne());
  }

  @Test
  void equalsGoToTheFirstHost() {
    ShareFleet fleet = fleet(host("a", 10, 2), host("b", 10, 2));
    assertThat(new SharePacker(fleet, new BestFitPolicy()).place(share(1, 100)))
        .contains(new SharePlacement(0, 1));
  }

  @Test
  void aShareGoesToTheTightestGpu() {
    ShareFleet fleet = fleet(host("a", 10, 2));
    fleet.take(HOST, share(1, 400), 1);
    assertThat(new SharePacker(fleet, new BestFitPolicy()).place(share(1, 600)))
        .contains(new SharePlacement(0, 0b10));
  }

  @Test
  void randomUsesEveryHostAndGpuWithRoom() {
    ShareFleet fleet = fleet(host("a", 64, 8), host("full", 0, 8), host("c", 64, 8));
    SharePacker packer = new SharePacker(fleet, new RandomPolicy(new Random(1)));
    int[] hosts = new int[3];
    int gpus = 0;
    for (int i = 0; i < 100; i++) {
      SharePlacement place = packer.place(share(1, 10)).orElseThrow();
      hosts[place.host()]++;
      gpus |= place.gpuBits();
    }
    assertThat(hosts[0]).isBetween(30, 70);
    assertThat(hosts[1]).isZero();
    assertThat(gpus).isEqualTo(0xFF);
  }
}
