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
