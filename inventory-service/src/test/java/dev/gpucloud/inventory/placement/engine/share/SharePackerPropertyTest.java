package dev.gpucloud.inventory.placement.engine.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every policy and every history. */
class SharePackerPropertyTest {
  private static final int SEEDS = 12;

  static Stream<Arguments> policiesAndSeeds() {
    return Stream.of(SharePolicyKind.values())
        .flatMap(
            kind -> IntStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(kind, seed)));
  }

  /** One history: hosts, requests and where each went. */
  private record History(
      List<ShareHost> hosts, List<ShareRequest> requests, List<Optional<SharePlacement>> places) {
    static History of(SharePolicyKind kind, long seed) {
      Random random = new Random(seed);
      List<ShareHost> hosts = Shares.randomHosts(random, 3 + random.nextInt(12));
      List<ShareRequest> requests =
          Shares.randomRequests(random, 250, 1 + random.nextInt(seed % 3 == 0 ? 200 : 12));
      ShareFleet fleet = new ShareFleet(hosts);
      SharePacker packer = new SharePacker(fleet, kind.create(fleet, requests, new Random(seed)));
      return new History(hosts, requests, requests.stream().map(packer::place).toList());
    }
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("policiesAndSeeds")
  void givesNothingTwiceAndRefusesOnlyWhatHasRoomNowhere(SharePolicyKind kind, int seed) {
    History history = History.of(kind, seed);
    List<Room> rooms = history.hosts().stream().map(Room::new).toList();
    for (int at = 0; at < history.requests().size(); at++) {
      ShareRequest request = history.requests().get(at);
      Optional<SharePlacement> place = history.places().get(at);
      if (place.isPresent()) {
        rooms.get(place.get().host()).take(request, place.get().gpuBits());
      } else {
        assertThat(rooms).noneMatch(room -> room.fits(request));
      }
    }
  }

  /** A host's room, kept by other means than the fleet's. */
  private static final class Room {
    private final ShareHost host;
    private final Map<Integer, Integer> usedMilli = new HashMap<>();
    private int cpuMilli;
    private int memoryMib;

    Room(ShareHost host) {
      this.host = host;
      this.cpuMilli = host.cpuMilli();
      this.memoryMib = host.memoryMib();
    }

    void take(ShareRequest request, int gpuBits) {
      cpuMilli -= request.cpuMilli();
      memoryMib -= request.memoryMib();
      assertThat(cpuMilli).isNotNegative();
      assertThat(memoryMib).isNotNegative();
      assertThat(Integer.bitCount(gpuBits)).isEqualTo(request.gpus());
      assertThat(gpuBits >>> host.gpus()).as("GPUs the host does not have").isZero();
      for (int gpu = 0; gpu < host.gpus(); gpu++) {
        if ((gpuBits >> gpu & 1) == 1) {
          assertThat(usedMilli.merge(gpu, request.gpuMilli(), Integer::sum))
              .isLessThanOrEqualTo(1000);
        }
      }
      assertThat(modelAllowed(request)).isTrue();
    }

    boolean fits(ShareRequest request) {
      long gpus =
          IntStream.range(0, host.gpus())
              .filter(gpu -> 1000 - usedMilli.getOrDefault(gpu, 0) >= request.gpuMilli())
              .count();
      return cpuMilli >= request.cpuMilli()
          && memoryMib >= request.memoryMib()
          && gpus >= request.gpus()
          && modelAllowed(request);
    }

    private boolean modelAllowed(ShareRequest request) {
      return request.gpus() == 0
          || request.models().isEmpty()
          || host.model().isEmpty()
          || request.models().contains(host.model());
    }
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("policiesAndSeeds")
  void theSameSeedDecidesTheSame(SharePolicyKind kind, int seed) {
    assertThat(History.of(kind, seed)).isEqualTo(History.of(kind, seed));
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("policiesAndSeeds")
  void aScoreDependsOnTheHostAndNotOnItsPlaceInTheFleet(SharePolicyKind kind, int seed) {
    Random random = new Random(seed);
    List<ShareHost> hosts = Shares.randomHosts(random, 6);
    List<ShareHost> shuffled = new ArrayList<>(hosts);
    Collections.shuffle(shuffled, random);
    List<ShareRequest> requests = Shares.randomRequests(random, 80, 9);
    ShareFleet one = new ShareFleet(hosts);
    ShareFleet other = new ShareFleet(shuffled);
    SharePolicy policy = kind.create(one, requests, random);
    if (!(policy instanceof ScoredPolicy ofOne)
        || !(kind.create(other, requests, random) instanceof ScoredPolicy ofOther)) {
      assertThat(kind).isEqualTo(SharePolicyKind.RANDOM);
      return;
    }
    for (ShareRequest request : requests) {
      for (int host = 0; host < hosts.size(); host++) {
        int there = shuffled.indexOf(hosts.get(host));
        if (one.fits(host, request)) {
          assertThat(ofOther.score(other, there, request))
              .isEqualTo(ofOne.score(one, host, request));
          if (random.nextInt(4) == 0) {
            int gpu = request.sharesGpu() ? ofOne.gpuFor(one, host, request) : -1;
            assertThat(other.take(there, request, gpu)).isEqualTo(one.take(host, request, gpu));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} seed {1}")
  @MethodSource("policiesAndSeeds")
  void keptScoresDecideLikeFreshOnes(SharePolicyKind kind, int seed) {
    Random random = new Random(seed);
    List<ShareHost> hosts = Shares.randomHosts(random, 10);
    List<ShareRequest> requests = Shares.randomRequests(random, 150, 7);
    ShareFleet fleet = new ShareFleet(hosts);
    SharePolicy policy = kind.create(fleet, requests, random);
    SharePacker packer = new SharePacker(fleet, policy);
    for (ShareRequest request : requests) {
      int best =
          policy instanceof ScoredPolicy scored ? firstOfTheBest(fleet, scored, request) : -1;
      Optional<SharePlacement> place = packer.place(request);
      if (policy instanceof ScoredPolicy) {
        assertThat(place.map(SharePlacement::host).orElse(-1)).isEqualTo(best);
      }
    }
  }

  private static int firstOfTheBest(ShareFleet fleet, ScoredPolicy policy, ShareRequest request) {
    int best = -1;
    for (int host = 0; host < fleet.size(); host++) {
      if (fleet.fits(host, request)
          && (best < 0
              || policy.score(fleet, host, request) > policy.score(fleet, best, request))) {
        best = host;
      }
    }
    return best;
  }

  @Test
  void aRequestForAModelNobodyHasIsRefused() {
    ShareFleet fleet = Shares.fleet(Shares.host("a", 64, 8));
    ShareRequest request = new ShareRequest(1000, 1, 1, 1000, Set.of("H100"));
    assertThat(new SharePacker(fleet, new BestFitPolicy()).place(request)).isEmpty();
  }

  @Test
  void aHostWithoutAModelTakesAnyAndCpuAloneGoesAnywhere() {
    ShareFleet fleet = new ShareFleet(List.of(new ShareHost("a", "", 8000, 1024, 1)));
    assertThat(fleet.fits(0, new ShareRequest(1, 1, 1, 1000, Set.of("H100")))).isTrue();
    ShareFleet other = Shares.fleet(Shares.host("a", 64, 8));
    assertThat(other.fits(0, new ShareRequest(1, 1, 0, 0, Set.of("H100")))).isTrue();
  }

  @Test
  void takingWhatDoesNotFitChangesNothing() {
    ShareFleet fleet = Shares.fleet(Shares.host("a", 2, 1));
    fleet.take(0, Shares.share(1, 700), 0);
    assertThatThrownBy(() -> fleet.take(0, Shares.share(1, 400), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fleet.cpuMilli(0)).isEqualTo(1000);
    assertThat(fleet.freeMilli(0)).isEqualTo(300);
    assertThat(fleet.allocatedMilli()).isEqualTo(700);
  }

  @Test
  void impossibleRequestsAndHostsCannotBeBuilt() {
    assertThatThrownBy(() -> Shares.share(1, 1001)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shares.share(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shares.whole(1, 9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shares.host("a", 1, 9)).isInstanceOf(IllegalArgumentException.class);
  }
}
