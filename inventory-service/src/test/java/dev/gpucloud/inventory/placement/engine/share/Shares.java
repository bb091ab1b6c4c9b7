package dev.gpucloud.inventory.placement.engine.share;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Hosts and requests for tests. */
final class Shares {
  private static final List<String> MODELS = List.of("A100", "T4", "V100");

  private Shares() {}

  static ShareHost host(String name, int cores, int gpus) {
    return new ShareHost(name, "T4", cores * 1000, 1 << 20, gpus);
  }

  static ShareFleet fleet(ShareHost... hosts) {
    return new ShareFleet(List.of(hosts));
  }

  static ShareRequest share(int cores, int milli) {
    return new ShareRequest(cores * 1000, 1024, 1, milli, Set.of());
  }

  static ShareRequest whole(int cores, int gpus) {
    return new ShareRequest(cores * 1000, 1024, gpus, gpus == 0 ? 0 : 1000, Set.of());
  }

  static ShareDemand demand(ShareRequest... requests) {
    return ShareDemand.of(List.of(requests));
  }

  static List<ShareHost> randomHosts(Random random, int count) {
    List<ShareHost> hosts = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      int gpus = List.of(0, 1, 2, 4, 8).get(random.nextInt(5));
      int cores = Math.max(8, gpus * List.of(8, 12, 32).get(random.nextInt(3)));
      hosts.add(
          new ShareHost(
              "host-" + at,
              gpus == 0 ? "" : MODELS.get(random.nextInt(MODELS.size())),
              cores * 1000,
              cores * 4096,
              gpus));
    }
    return hosts;
  }

  /** Requests of {@code shapes} different shapes. */
  static List<ShareRequest> randomRequests(Random random, int count, int shapes) {
    List<ShareRequest> kinds = new ArrayList<>();
    for (int at = 0; at < shapes; at++) {
      kinds.add(randomShape(random));
    }
    List<ShareRequest> requests = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      requests.add(kinds.get(random.nextInt(shapes)));
    }
    return requests;
  }

  private static ShareRequest randomShape(Random random) {
    int gpus = List.of(0, 1, 1, 1, 1, 1, 2, 4, 8).get(random.nextInt(9));
    int milli = gpus == 1 && random.nextBoolean() ? 10 * (1 + random.nextInt(99)) : 1000;
    int cores = Math.max(1, gpus) * (1 + random.nextInt(14));
    Set<String> models =
        random.nextInt(4) > 0
            ? Set.of()
            : Set.of(MODELS.get(random.nextInt(MODELS.size())), "unknown");
    return new ShareRequest(
        cores * 1000, cores * 1024 * (1 + random.nextInt(5)), gpus, gpus == 0 ? 0 : milli, models);
  }
}
