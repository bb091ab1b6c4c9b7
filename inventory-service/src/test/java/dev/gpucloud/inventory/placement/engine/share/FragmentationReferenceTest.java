package dev.gpucloud.inventory.placement.engine.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast fragmentation policy against one written straight from the paper's definition. */
class FragmentationReferenceTest {
  static Stream<Integer> seeds() {
    return IntStream.rangeClosed(1, 30).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fragmentationIsWhatThePaperDefines(int seed) {
    Random random = new Random(seed);
    List<ShareHost> hosts = Shares.randomHosts(random, 8);
    List<ShareRequest> requests = Shares.randomRequests(random, 300, 20);
    ShareFleet fleet = new ShareFleet(hosts);
    StrandedRoom fast =
        FragmentationPolicy.fragmentation(fleet, ShareDemand.ignoringMemory(requests));
    Map<ShareRequest, Double> typical = typical(requests);
    for (int i = 0; i < 200; i++) {
      ShareHost host = hosts.get(random.nextInt(hosts.size()));
      int[] free = IntStream.range(0, host.gpus()).map(g -> freeRoom(random)).toArray();
      int cpu = random.nextInt(host.cpuMilli() + 1);
      int model = fleet.model(hosts.indexOf(host));
      assertThat(fast.milli(model, cpu, 0, Arrays.copyOf(free, 8), host.gpus()))
          .isCloseTo(fragments(host, cpu, free, typical), within(1e-6));
    }
  }

  private static int freeRoom(Random random) {
    return random.nextInt(3) == 0 ? 1000 : 10 * random.nextInt(101);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void choosesTheSameHostsAndGpus(int seed) {
    Random random = new Random(seed);
    List<ShareHost> hosts = Shares.randomHosts(random, 8);
    List<ShareRequest> requests = Shares.randomRequests(random, 300, 20);
    ShareFleet fleet = new ShareFleet(hosts);
    SharePacker packer =
        new SharePacker(fleet, SharePolicyKind.FGD.create(fleet, requests, random));
    Map<ShareRequest, Double> typical = typical(requests);
    for (ShareRequest request : requests) {
      int[] expected = choose(fleet, request, typical);
      int[] actual =
          packer
              .place(request)
              .map(place -> new int[] {place.host(), place.gpuBits()})
              .orElse(new int[0]);
      assertThat(actual).isEqualTo(expected);
    }
  }

  /** Counts shapes without memory, the most frequent first, until they cover 95 %. */
  private static Map<ShareRequest, Double> typical(List<ShareRequest> requests) {
    List<ShareRequest> shapes = new ArrayList<>();
    for (ShareRequest r : requests) {
      shapes.add(new ShareRequest(r.cpuMilli(), 0, r.gpus(), r.gpuMilli(), r.models()));
    }
    Map<ShareRequest, Double> counts = new LinkedHashMap<>();
    for (ShareDemand.Shape shape : ShareDemand.ignoringMemory(requests).shapes()) {
      counts.put(shape.request(), (double) shapes.stream().filter(shape.request()::equals).count());
    }
    double all = counts.values().stream().mapToDouble(count -> count).sum();
    assertThat(all).isGreaterThanOrEqualTo(0.95 * requests.size());
    counts.replaceAll((shape, count) -> count / all);
    return counts;
  }

  private static double fragments(
      ShareHost host, int cpuMilli, int[] free, Map<ShareRequest, Double> typical) {
    double sum = 0;
    for (Map.Entry<ShareRequest, Double> shape : typical.entrySet()) {
      ShareRequest wanted = shape.getKey();
      boolean model =
          wanted.models().isEmpty()
              || host.model().isEmpty()
              || wanted.models().contains(host.model());
      long gpus = Arrays.stream(free).filter(room -> room >= wanted.gpuMilli()).count();
      boolean runs =
          wanted.gpus() > 0 && model && gpus >= wanted.gpus() && cpuMilli >= wanted.cpuMilli();
      int lost =
          runs
              ? Arrays.stream(free).filter(room -> room < wanted.gpuMilli()).sum()
              : Arrays.stream(free).sum();
      sum += shape.getValue() * lost;
    }
    return sum;
  }

  private static int[] choose(
      ShareFleet fleet, ShareRequest request, Map<ShareRequest, Double> typical) {
    int[] best = new int[0];
    int bestScore = -1;
    for (int host = 0; host < fleet.size(); host++) {
      if (!fleet.fits(host, request)) {
        continue;
      }
      for (int bits : options(fleet, host, request)) {
        int score = score(fleet, host, request, bits, typical);
        if (score > bestScore) {
          bestScore = score;
          best = new int[] {host, bits};
        }
      }
    }
    return best;
  }

  /** A share may take any GPU with room; whole GPUs are the first free ones. */
  private static List<Integer> options(ShareFleet fleet, int host, ShareRequest request) {
    List<Integer> options = new ArrayList<>();
    int first = 0;
    for (int gpu = 0; gpu < fleet.gpus(host); gpu++) {
      if (fleet.freeMilli(host, gpu) >= request.gpuMilli()) {
        options.add(1 << gpu);
        first |= Integer.bitCount(first) < request.gpus() ? 1 << gpu : 0;
      }
    }
    return request.sharesGpu() ? options : List.of(first);
  }

  private static int score(
      ShareFleet fleet,
      int host,
      ShareRequest request,
      int bits,
      Map<ShareRequest, Double> typical) {
    int[] before =
        IntStream.range(0, fleet.gpus(host)).map(gpu -> fleet.freeMilli(host, gpu)).toArray();
    int[] after =
        IntStream.range(0, before.length)
            .map(gpu -> before[gpu] - ((bits >> gpu & 1) == 1 ? request.gpuMilli() : 0))
            .toArray();
    int cpu = fleet.cpuMilli(host);
    double gain =
        fragments(fleet.host(host), cpu, before, typical)
            - fragments(fleet.host(host), cpu - request.cpuMilli(), after, typical);
    return (int) (100 / (1 + Math.exp(-gain / 1000)) + 1e-6);
  }
}
