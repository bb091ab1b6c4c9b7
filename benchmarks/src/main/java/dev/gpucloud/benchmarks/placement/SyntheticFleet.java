package dev.gpucloud.benchmarks.placement;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.HostSlots;
import dev.gpucloud.inventory.placement.engine.Location;
import dev.gpucloud.inventory.placement.engine.PoolIndex;
import dev.gpucloud.inventory.placement.engine.PoolView;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Empty fleets in the proportions of the reference scenario: five pools, racks, fabrics and halls
 * as its deliveries bring them.
 */
final class SyntheticFleet {
  private static final int SCENARIO_GPUS = 52_128;
  private static final GpuGeometry GEOMETRY =
      GpuGeometry.of(8, List.of("1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"));

  private final List<PoolView> pools = new ArrayList<>();
  private final int gpus;

  private SyntheticFleet(int gpus) {
    this.gpus = gpus;
  }

  /** How a pool's hosts stand: {@code domainHosts} share an NVLink domain. */
  private record Plan(
      String site, String model, int gpus, int gpusPerHost, int hostsPerRack, int racksPerFabric) {
    boolean isRackScale() {
      return gpusPerHost == 4;
    }
  }

  /** Every pool of 8-GPU hosts, so that all shapes of the mix fit everywhere. */
  static SyntheticFleet ofEightGpuHosts(int gpus) {
    return of(gpus, 8);
  }

  /** As the scenario has it: more than half of the GPUs in 4-GPU hosts of NVL72 racks. */
  static SyntheticFleet likeTheScenario(int gpus) {
    return of(gpus, 4);
  }

  private static SyntheticFleet of(int gpus, int gpusPerLargePoolHost) {
    SyntheticFleet fleet = new SyntheticFleet(gpus);
    int perRack = gpusPerLargePoolHost == 4 ? 18 : 4;
    int perFabric = gpusPerLargePoolHost == 4 ? 32 : 64;
    fleet.add(new Plan("kr-seoul-gasan", "b200", 1_032, 8, 4, 33));
    fleet.add(new Plan("kr-pangyo-1", "rtxpro6000", 2_080, 8, 5, 52));
    fleet.add(new Plan("kr-cheongju-1", "b200", 2_000, 8, 4, 64));
    fleet.add(new Plan("kr-ulsan-1", "b200", 18_432, 8, 4, 64));
    fleet.add(new Plan("kr-ulsan-1", "gb200", 28_584, gpusPerLargePoolHost, perRack, perFabric));
    return fleet;
  }

  private void add(Plan plan) {
    long hosts = Math.round((double) plan.gpus() * gpus / SCENARIO_GPUS / plan.gpusPerHost());
    int perFabric = plan.hostsPerRack() * plan.racksPerFabric();
    List<HostSlots> slots = new ArrayList<>();
    for (int n = 0; n < hosts; n++) {
      Location at =
          new Location(
              "hall-%d".formatted(n / (5 * perFabric)),
              "fabric-%04d".formatted(n / perFabric),
              "rack-%05d".formatted(n / plan.hostsPerRack()),
              plan.isRackScale() ? "nvl" : "");
      slots.add(
          HostSlots.empty(
              new HostId(new UUID(pools.size() + 1L, n * 0x9E3779B97F4A7C15L)),
              "host-%06d".formatted(n),
              at,
              plan.gpusPerHost(),
              28 * plan.gpusPerHost(),
              224 * plan.gpusPerHost()));
    }
    SiteFacts site = new SiteFacts(plan.site(), plan.site(), "KR", 1, null);
    pools.add(new PoolView(site, plan.model(), new PoolIndex(GEOMETRY, slots)));
  }

  List<PoolView> pools() {
    return pools;
  }
}
