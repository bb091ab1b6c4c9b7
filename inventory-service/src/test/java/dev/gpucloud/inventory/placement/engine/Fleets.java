package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Fleets and shapes for tests, the same for the same seed. */
final class Fleets {
  static final GpuGeometry B200 =
      GpuGeometry.of(8, List.of("1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"));
  static final GpuGeometry RTX = GpuGeometry.of(4, List.of("1g.24gb", "2g.48gb", "4g.96gb"));

  private Fleets() {}

  static HostId host(int n) {
    return new HostId(new UUID(0, n));
  }

  static List<HostSlots> empty(int hosts, int gpus) {
    List<HostSlots> all = new ArrayList<>();
    for (int n = 0; n < hosts; n++) {
      all.add(HostSlots.empty(host(n), "host-%04d".formatted(n), gpus, 28 * gpus, 224 * gpus));
    }
    return all;
  }

  /**
   * A small fleet with halls, fabrics, racks and NVLink domains of one host, two hosts or a rack;
   * some hosts are closed, small, or short of processors.
   */
  static List<HostSlots> standing(Random random) {
    List<HostSlots> all = new ArrayList<>();
    int domainHosts = List.of(1, 2, 18).get(random.nextInt(3));
    int gpus = random.nextBoolean() ? 8 : 4;
    for (int hall = 1 + random.nextInt(3); hall > 0; hall--) {
      for (int fabric = 1 + random.nextInt(3); fabric > 0; fabric--) {
        for (int rack = 1 + random.nextInt(3); rack > 0; rack--) {
          for (int host = 1 + random.nextInt(4); host > 0; host--) {
            String domain = domainHosts == 1 ? "" : "n" + host / domainHosts;
            Location at = new Location("h" + hall, "f" + fabric, "r" + rack, domain);
            all.add(host(all.size(), at, gpus, random));
          }
        }
      }
    }
    return all;
  }

  private static HostSlots host(int n, Location at, int gpus, Random random) {
    int own = random.nextInt(12) == 0 ? 1 + random.nextInt(gpus) : gpus;
    int vcpus = random.nextInt(12) == 0 ? 14 * own : 28 * own;
    String name = "host-%04d".formatted(n);
    HostSlots host = HostSlots.empty(host(n), name, at, own, vcpus, 224 * own);
    return random.nextInt(12) == 0 ? closed(host) : host;
  }

  static HostSlots closed(HostSlots host) {
    return open(host, false);
  }

  static HostSlots opened(HostSlots host) {
    return open(host, true);
  }

  private static HostSlots open(HostSlots host, boolean open) {
    return new HostSlots(
        host.id(),
        host.name(),
        host.location(),
        open,
        host.gpus(),
        host.freeMask(),
        host.vcpus(),
        host.memoryGib(),
        host.freeVcpus(),
        host.freeMemoryGib());
  }

  /** Clusters of few instances with rules of all kinds. */
  static ClusterShape cluster(GpuGeometry geometry, Random random) {
    Shape shape = random.nextBoolean() ? shape(geometry, random) : fair(1 << random.nextInt(4));
    ClusterShape cluster = ClusterShape.of(shape, 1 + random.nextInt(9));
    if (random.nextInt(3) == 0) {
      cluster = cluster.withSpares(random.nextInt(3));
    }
    for (Level level : Level.values()) {
      if (random.nextInt(4) == 0) {
        cluster = cluster.within(level, strength(random));
      }
    }
    return random.nextInt(3) == 0 ? cluster.spread(spread(cluster, random)) : cluster;
  }

  /** A shape with its GPUs' share of processors and memory. */
  static Shape fair(int gpus) {
    return Shape.wholeGpus(gpus, 28 * gpus, 224 * gpus);
  }

  private static Rule.Spread spread(ClusterShape cluster, Random random) {
    Level over = List.of(Level.RACK, Level.FABRIC, Level.HALL).get(random.nextInt(3));
    int most = random.nextBoolean() ? 1 + random.nextInt(3) : 99;
    int domains = 1 + random.nextInt(Math.min(4, cluster.instances()));
    return new Rule.Spread(over, strength(random), most, domains);
  }

  private static Strength strength(Random random) {
    return random.nextBoolean() ? Strength.REQUIRED : Strength.PREFERRED;
  }

  /** Whole GPUs and slices with just enough processors and memory to run short of them at times. */
  static Shape shape(GpuGeometry geometry, Random random) {
    int vcpus = 1 + random.nextInt(40);
    int memoryGib = 1 + random.nextInt(300);
    if (random.nextBoolean()) {
      return Shape.wholeGpus(1 + random.nextInt(8), vcpus, memoryGib);
    }
    List<MigProfile> profiles = geometry.profiles();
    return Shape.slice(profiles.get(random.nextInt(profiles.size())), vcpus, memoryGib);
  }
}
