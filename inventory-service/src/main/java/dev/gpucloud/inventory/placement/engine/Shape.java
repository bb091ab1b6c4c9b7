package dev.gpucloud.inventory.placement.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one instance takes from its host: 1 to 8 whole GPUs, or one slice of a profile, with its
 * share of processors and memory.
 */
public record Shape(int gpus, @Nullable MigProfile profile, int vcpus, int memoryGib) {
  public Shape {
    if (profile == null ? gpus < 1 || gpus > 8 : gpus != 0) {
      throw new IllegalArgumentException("a shape is 1 to 8 whole GPUs or one profile");
    }
    if (vcpus < 0 || memoryGib < 0) {
      throw new IllegalArgumentException("vcpus and memoryGib are not negative");
    }
  }

  public static Shape wholeGpus(int gpus, int vcpus, int memoryGib) {
    return new Shape(gpus, null, vcpus, memoryGib);
  }

  public static Shape slice(MigProfile profile, int vcpus, int memoryGib) {
    return new Shape(0, profile, vcpus, memoryGib);
  }

  /** Bits of a host's mask it takes, in eighths of a GPU: what quota counts. */
  public int slices() {
    return profile == null ? gpus * GpuGeometry.BITS_PER_GPU : profile.bits();
  }
}
